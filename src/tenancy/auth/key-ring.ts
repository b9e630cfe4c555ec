import { Injectable } from '@nestjs/common';
import { digestOf } from '../../platform/secrets/index.js';
import { KeysStore } from '../keys/keys.store.js';
import type { KeyPrincipal } from './principal.js';

/** A key ready for use; the same object as long as the key is the same, so that a token proven with it can be tied to it. */
export interface Key {
  readonly principal: KeyPrincipal;
  readonly secret: string;
  readonly digest: Buffer;
}

interface Held {
  readonly key: Key | null;
  readonly readAt: number;
}

/** Past this age a key is read again behind the request that uses it; past `DEAD_MS` in front of it. */
const STALE_MS = 2_000;
const DEAD_MS = 4_000;
const MOST_HELD = 10_000;
const KEY_ID = /^(?:app|int|act)_[0-9a-f]{24}$/;

/**
 * Keys in memory, so that a request need not read the database: a key in use is read about every two seconds, and one
 * that was revoked anywhere is refused everywhere within four.
 */
@Injectable()
export class KeyRing {
  readonly #held = new Map<string, Held>();
  readonly #reads = new Map<string, Promise<Key | null>>();

  constructor(private readonly keys: KeysStore) {}

  /** At once when it is in memory; `null`: there is no such key. */
  find(id: string): Key | null | Promise<Key | null> {
    if (!KEY_ID.test(id)) return null;
    const held = this.#held.get(id);
    const age = held === undefined ? Number.POSITIVE_INFINITY : performance.now() - held.readAt;
    if (held === undefined || age > DEAD_MS) return this.read(id);
    // A failed read is told by the request that finds the key dead.
    if (age > STALE_MS) void this.read(id).catch(() => undefined);
    return held.key;
  }

  /** After a revocation by this process. A read under way may bring the key back, for its four seconds at most. */
  forget(id: string): void {
    this.#held.delete(id);
    this.#reads.delete(id);
  }

  /** After an app or an integration is gone, and its keys with it. */
  forgetWhere(gone: (principal: KeyPrincipal) => boolean): void {
    for (const [id, { key }] of this.#held) if (key !== null && gone(key.principal)) this.forget(id);
  }

  /** One read at a time per key, however many requests wait for it. */
  private read(id: string): Promise<Key | null> {
    const under = this.#reads.get(id);
    if (under !== undefined) return under;
    const reading = this.readNow(id).finally(() => {
      if (this.#reads.get(id) === reading) this.#reads.delete(id);
    });
    this.#reads.set(id, reading);
    return reading;
  }

  private async readNow(id: string): Promise<Key | null> {
    const readAt = performance.now();
    const found = await this.keys.open(id);
    const before = this.#held.get(id)?.key;
    const key = found === null ? null : (same(before, found.secret) ?? { ...found, digest: digestOf(found.secret) });
    if (this.#held.size >= MOST_HELD) this.#held.clear();
    this.#held.set(id, { key, readAt });
    return key;
  }
}

/** An unchanged key stays the same object: tokens proven with it stay proven. */
function same(before: Key | null | undefined, secret: string): Key | null {
  return before?.secret === secret ? before : null;
}
