import { Injectable } from '@nestjs/common';
import { ConfigurationChange, type Asked } from '../../configuration/index.js';
import { Failure, type AppId } from '../../kernel/index.js';
import { newId } from '../../platform/ids.js';
import { newKeySecret } from '../../platform/secrets/index.js';
import type { Grant } from '../auth/grants.js';
import { KeyRing } from '../auth/key-ring.js';
import { KeysStore, type KeyRecord, type OwnerOfMany } from './keys.store.js';

const MOST_KEYS = 10;
const PREFIXES = { app: 'app_', integration: 'int_', agent: 'agt_' } as const;

export interface NewKey extends KeyRecord {
  /** Told this once and never again. */
  readonly secret: string;
}

/** Keys of an app, of a custom integration or of an agent: at most ten each (`docs/wire.md` 5). */
@Injectable()
export class KeysService {
  constructor(
    private readonly keys: KeysStore,
    private readonly ring: KeyRing,
    private readonly change: ConfigurationChange,
  ) {}

  /** `scopes`: of an app's key that may not do everything. */
  create(owner: OwnerOfMany, displayName: string, asked: Asked, scopes?: readonly Grant[]): Promise<NewKey> {
    return this.change.run(owner.appId as AppId, asked, { action: 'key.create', secret: true }, async (tx) => {
      if (!(await this.keys.lockOwner(tx, owner))) throw ownerNotFound(owner);
      if ((await this.keys.list(owner, tx)).length >= MOST_KEYS)
        throw new Failure('bad_request', `There can be at most ${MOST_KEYS} keys. Delete one first.`);
      const told = scopes === undefined || scopes.includes('full') ? {} : { scopes };
      const key = { id: PREFIXES[owner.scope] + newId(), displayName, ...told, secret: newKeySecret() };
      await this.keys.insert(tx, owner, key);
      return { answer: key, subject: key.id, before: null, after: loggedKey(owner, key) };
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
  async remove(owner: OwnerOfMany, id: string, asked: Asked): Promise<void> {
    await this.change.run(owner.appId as AppId, asked, { action: 'key.delete' }, async (tx) => {
      const key = await this.keys.find(owner, id, tx);
      if (key === null || !(await this.keys.remove(tx, owner, id))) throw keyNotFound();
      return { answer: null, subject: id, before: loggedKey(owner, key), after: null };
    });
    this.ring.forget(id);
  }
}

/** Whose key it is, and never its secret. */
function loggedKey(owner: OwnerOfMany, { id, displayName, scopes }: KeyRecord): object {
  return { ...owner, id, displayName, scopes };
}

function ownerNotFound(owner: OwnerOfMany): Failure {
  if (owner.scope === 'app') return new Failure('app_not_found', 'App not found');
  if (owner.scope === 'agent') return new Failure('agent_not_found', 'Agent not found');
  return new Failure('integration_not_found', 'Integration not found');
}

function keyNotFound(): Failure {
  return new Failure('not_found', 'Resource not found');
}
