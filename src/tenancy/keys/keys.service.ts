import { Injectable } from '@nestjs/common';
import { Failure } from '../../kernel/index.js';
import { Once, type IdempotencyKey } from '../../ledger/index.js';
import { newId } from '../../platform/ids.js';
import { newKeySecret } from '../../platform/secrets/index.js';
import { KeyRing } from '../auth/key-ring.js';
import { KeysStore, type KeyRecord, type OwnerOfMany } from './keys.store.js';

const MOST_KEYS = 10;

export interface NewKey extends KeyRecord {
  /** Told this once and never again. */
  readonly secret: string;
}

/** Keys of an app or of a custom integration: at most ten each (`sunco.md` 5). */
@Injectable()
export class KeysService {
  constructor(
    private readonly keys: KeysStore,
    private readonly ring: KeyRing,
    private readonly once: Once,
  ) {}

  create(owner: OwnerOfMany, displayName: string, idempotency: IdempotencyKey | null = null): Promise<NewKey> {
    return this.once.run(idempotency, { secret: true }, async (tx) => {
      if (!(await this.keys.lockOwner(tx, owner))) throw ownerNotFound(owner);
      if ((await this.keys.list(owner, tx)).length >= MOST_KEYS)
        throw new Failure('bad_request', `There can be at most ${MOST_KEYS} keys. Delete one first.`);
      const prefix = owner.scope === 'app' ? 'app_' : 'int_';
      const key = { id: prefix + newId(), displayName, secret: newKeySecret() };
      await this.keys.insert(tx, owner, key);
      return key;
    });
  }

  list(owner: OwnerOfMany): Promise<KeyRecord[]> {
    return this.keys.list(owner);
  }

  async get(owner: OwnerOfMany, id: string): Promise<KeyRecord> {
    const key = await this.keys.find(owner, id);
    if (key === null) throw keyNotFound();
    return key;
  }

  /** At once in this process; others notice within four seconds (`auth/key-ring.ts`). */
  async remove(owner: OwnerOfMany, id: string): Promise<void> {
    const removed = await this.once.run(null, { secret: false }, (tx) => this.keys.remove(tx, owner, id));
    this.ring.forget(id);
    if (!removed) throw keyNotFound();
  }
}

function ownerNotFound(owner: OwnerOfMany): Failure {
  return owner.scope === 'app'
    ? new Failure('app_not_found', 'App not found')
    : new Failure('integration_not_found', 'Integration not found');
}

function keyNotFound(): Failure {
  return new Failure('not_found', 'Resource not found');
}
