import { createHmac } from 'node:crypto';

/**
 * Standard Webhooks 1.0: `v1,<base64 HMAC-SHA256 of "id.timestamp.body">`.
 *
 * The key is the webhook's secret as text, byte for byte: its 32 hex characters are 32 key bytes. A receiver with a
 * Standard Webhooks library gives it `whsec_` + base64 of that text, or the text itself in the library's raw format.
 */
export function signature(secret: string, eventId: string, timestampSeconds: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${eventId}.${timestampSeconds}.${body}`).digest('base64');
  return `v1,${mac}`;
}

/** One signature per secret, separated by a space as the standard has it: whoever knows one of them can check. */
export function signatures(
  secrets: readonly string[],
  eventId: string,
  timestampSeconds: number,
  body: string,
): string {
  return secrets.map((secret) => signature(secret, eventId, timestampSeconds, body)).join(' ');
}
