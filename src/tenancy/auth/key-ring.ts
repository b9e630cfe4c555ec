import { Injectable } from '@nestjs/common';
import { digestOf } from '../../platform/secrets/index.js';
import { KeysStore } from '../keys/keys.store.js';
import { Fresh } from './fresh.js';
import type { AgentCredential, KeyPrincipal } from './principal.js';

/** Whom a key stands for by itself. */
export type KeyCredential = KeyPrincipal | AgentCredential;

/** A key ready for use; the same object as long as the key is the same, so that a token proven with it can be tied to it. */
export interface Key {
  readonly principal: KeyCredential;
  readonly secret: string;
  readonly digest: Buffer;
}

const KEY_ID = /^(?:app|int|act|agt)_[0-9a-f]{24}$/;

/**
 * Keys in memory, so that a request need not read the database: one that was revoked anywhere is refused everywhere
 * within four seconds.
 */
@Injectable()
export class KeyRing {
  readonly #keys: Fresh<Key>;

  constructor(private readonly keys: KeysStore) {
    this.#keys = new Fresh((id, before) => this.read(id, before));
  }

  /** At once when it is in memory; `null`: there is no such key. */
  find(id: string): Key | null | Promise<Key | null> {
    return KEY_ID.test(id) ? this.#keys.find(id) : null;
  }

  /** After a revocation by this process. */
  forget(id: string): void {
    this.#keys.forget(id);
  }

  /** After an app or an integration is gone, and its keys with it. */
  forgetWhere(gone: (principal: KeyCredential) => boolean): void {
    this.#keys.forgetWhere(({ principal }) => gone(principal));
  }

  /** An unchanged key stays the same object: tokens proven with it stay proven. */
  private async read(id: string, before: Key | null): Promise<Key | null> {
    const found = await this.keys.open(id);
    if (found === null) return null;
    return before?.secret === found.secret ? before : { ...found, digest: digestOf(found.secret) };
  }
}
