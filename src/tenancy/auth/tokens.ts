import { Injectable } from '@nestjs/common';
import { decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import { KeyRing, type Key } from './key-ring.js';
import type { Principal } from './principal.js';

interface Proven {
  readonly key: Key;
  readonly principal: Principal;
  /** Milliseconds since the epoch; infinite for a token without `exp`. */
  readonly expiresAt: number;
}

const MOST_PROVEN = 10_000;
const LONGEST_EXTERNAL_ID = 1024;

/**
 * Bearer tokens: HS256 only, signed with the secret of the key that `kid` names, `scope` equal to that key's
 * (`sunco.md` 2); or `scope: 'user'` with `external_id`, signed with an app's key. A token is verified once; from then
 * on it is good for as long as its key and its `exp` are.
 */
@Injectable()
export class Tokens {
  readonly #proven = new Map<string, Proven>();

  constructor(private readonly ring: KeyRing) {}

  /** At once for a token that was proven before; `null`: refused. */
  principalOf(token: string): Principal | null | Promise<Principal | null> {
    const proven = this.#proven.get(token);
    if (proven === undefined) return this.prove(token);
    const key = this.ring.find(proven.principal.keyId);
    return key instanceof Promise ? this.prove(token) : this.stillGood(token, proven, key);
  }

  private stillGood(token: string, proven: Proven, key: Key | null): Principal | null | Promise<Principal | null> {
    if (key === proven.key && Date.now() < proven.expiresAt) return proven.principal;
    this.#proven.delete(token);
    return key === null ? null : this.prove(token);
  }

  private async prove(token: string): Promise<Principal | null> {
    const kid = keyIdOf(token);
    const key = kid === null ? null : await this.ring.find(kid);
    if (key === null) return null;
    const claims = await claimsOf(token, key.secret);
    const principal = claims && scopedPrincipal(key, claims);
    if (!principal) return null;
    this.keep(token, { key, principal, expiresAt: (claims.exp ?? Number.POSITIVE_INFINITY) * 1000 });
    return principal;
  }

  private keep(token: string, proven: Proven): void {
    if (this.#proven.size >= MOST_PROVEN) {
      const [oldest] = this.#proven.keys();
      if (oldest !== undefined) this.#proven.delete(oldest);
    }
    this.#proven.set(token, proven);
  }
}

function keyIdOf(token: string): string | null {
  try {
    return decodeProtectedHeader(token).kid ?? null;
  } catch {
    return null;
  }
}

async function claimsOf(token: string, secret: string): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, Buffer.from(secret), { algorithms: ['HS256'] });
    return payload;
  } catch {
    return null;
  }
}

function scopedPrincipal({ principal }: Key, claims: JWTPayload): Principal | null {
  if (claims['scope'] === principal.scope) return principal;
  if (claims['scope'] !== 'user' || principal.scope !== 'app') return null;
  const externalId = claims['external_id'];
  if (!isExternalId(externalId)) return null;
  return { scope: 'user', keyId: principal.keyId, appId: principal.appId, externalId };
}

/** What a user's external id may be in a body it may be in a token, and what could not be stored is nobody. */
function isExternalId(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > LONGEST_EXTERNAL_ID) return false;
  return value.isWellFormed() && !value.includes('\0');
}
