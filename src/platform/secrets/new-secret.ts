import { randomBytes } from 'node:crypto';

/** The secret of an API key: 86 URL-safe base64 characters (`docs/wire.md` 1). */
export function newKeySecret(): string {
  return randomBytes(64).toString('base64url');
}

/** The secret of a webhook: 32 hex characters (`docs/wire.md` 1). */
export function newWebhookSecret(): string {
  return randomBytes(16).toString('hex');
}
