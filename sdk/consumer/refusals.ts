import { types } from 'node:util';

/** What a NATS that is there does not grant: `authorization`, who we are; `tls`, how we speak; `permissions`, what we do. */
export type Refusal = 'authorization' | 'tls' | 'permissions';

const CERTIFICATE = /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** `null`: nobody refused us; it cannot be reached, or broke. */
export function refusalOf(error: unknown): Refusal | null {
  for (let at = error; types.isNativeError(at); at = at.cause) {
    const { name, message, code } = at as Error & { code?: unknown };
    if (name === 'PermissionViolationError') return 'permissions';
    if (/authorization violation|authentication (expired|revoked|timeout)/i.test(message)) return 'authorization';
    if (typeof code === 'string' && CERTIFICATE.test(code)) return 'tls';
    if (/'tls'|certificate/i.test(message)) return 'tls';
  }
  return null;
}
