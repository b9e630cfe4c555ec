import { Injectable } from '@nestjs/common';
import { decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { HouseClock } from '../../platform/clock/index.js';
import { Config } from '../../platform/config/index.js';
import { credentialOf } from './claims.js';
import { KeyRing, type Key } from './key-ring.js';
import type { Credential } from './principal.js';

interface Proven {
  readonly key: Key;
  readonly credential: Credential;
  /** Milliseconds since the epoch; infinite for a token without `exp`. */
  readonly expiresAt: number;
}

const MOST_PROVEN = 10_000;

/**
 * Bearer tokens: HS256 only, signed with the secret of the key that `kid` names; whom they may speak for says
 * `claims.ts`. A token is verified once; from then on it is good for as long as its key and its `exp` are.
 */
@Injectable()
export class Tokens {
  readonly #proven = new LRUCache<string, Proven>({ max: MOST_PROVEN });

  /** Seconds by which the clock of whoever signs may differ from ours. */
  readonly #leewaySeconds: number;

  constructor(
    private readonly ring: KeyRing,
    private readonly clock: HouseClock,
    { tokenLeewaySeconds }: Config,
  ) {
    this.#leewaySeconds = tokenLeewaySeconds;
  }

  /** At once for a token that was proven before; `null`: refused. */
  credentialOf(token: string): Credential | null | Promise<Credential | null> {
    const proven = this.#proven.get(token);
    if (proven === undefined) return this.prove(token);
    const key = this.ring.find(proven.credential.keyId);
    return key instanceof Promise ? this.prove(token) : this.stillGood(token, proven, key);
  }

  private stillGood(token: string, proven: Proven, key: Key | null): Credential | null | Promise<Credential | null> {
    if (key === proven.key && this.clock.now() < proven.expiresAt) return proven.credential;
    this.#proven.delete(token);
    return key === null ? null : this.prove(token);
  }

  private async prove(token: string): Promise<Credential | null> {
    const kid = keyIdOf(token);
    const key = kid === null ? null : await this.ring.find(kid);
    if (key === null) return null;
    const claims = await this.claimsOf(token, key.secret);
    const credential = claims && credentialOf(key.principal, claims);
    if (!credential) return null;
    const expiresAt = ((claims.exp ?? Number.POSITIVE_INFINITY) + this.#leewaySeconds) * 1000;
    this.#proven.set(token, { key, credential, expiresAt });
    return credential;
  }

  private async claimsOf(token: string, secret: string): Promise<JWTPayload | null> {
    try {
      const { payload } = await jwtVerify(token, Buffer.from(secret), {
        algorithms: ['HS256'],
        clockTolerance: this.#leewaySeconds,
        currentDate: new Date(this.clock.now()),
      });
      return payload;
    } catch {
      return null;
    }
  }
}

function keyIdOf(token: string): string | null {
  try {
    // A token is a stranger's: its `kid` may be anything that JSON knows.
    const kid: unknown = decodeProtectedHeader(token).kid;
    return typeof kid === 'string' ? kid : null;
  } catch {
    return null;
  }
}
