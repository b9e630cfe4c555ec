import { Injectable } from '@nestjs/common';
import { sql, type Selectable, type SelectQueryBuilder } from 'kysely';
import type { AgentCredential, KeyPrincipal } from '../auth/principal.js';
import type { Grant } from '../auth/grants.js';
import { databaseNow } from '../../platform/clock/index.js';
import { Db, type Tables, type Tx } from '../../platform/postgres/index.js';
import { SecretBox } from '../../platform/secrets/index.js';

/** Whose keys: an account's, an app's, one custom integration's, or one agent's. */
export type KeyOwner =
  | { readonly scope: 'account' }
  | { readonly scope: 'app'; readonly appId: string }
  | { readonly scope: 'integration'; readonly appId: string; readonly integrationId: string }
  | { readonly scope: 'agent'; readonly appId: string; readonly agentId: string };

export type OwnerOfMany = Exclude<KeyOwner, { scope: 'account' }>;

export interface KeyRecord {
  readonly id: string;
  readonly displayName: string;
  /** Of an app's key that may not do everything. */
  readonly scopes?: readonly Grant[];
}

export interface KeyWithSecret {
  readonly principal: KeyPrincipal | AgentCredential;
  readonly secret: string;
}

const ACCOUNT = 'account';
const WHOLE: readonly Grant[] = ['full'];
const RECORD = ['id', 'display_name', 'grants'] as const;

/** API keys at rest: their secrets are sealed with the app's id, or `account`, as associated data. */
@Injectable()
export class KeysStore {
  constructor(
    private readonly db: Db,
    private readonly box: SecretBox,
  ) {}

  /** For authentication, which knows nothing but the id. */
  async open(id: string): Promise<KeyWithSecret | null> {
    const keys = this.db.as('auth').kysely.selectFrom('api_key').selectAll();
    const row = await keys.where('id', '=', id).executeTakeFirst();
    if (row === undefined) return null;
    return { principal: principalOf(row), secret: this.box.openText(row.secret, row.app_id ?? ACCOUNT) };
  }

  /**
   * Locks who is to own a key, so that two creations at once are counted one after the other. `false`: there is no such
   * owner, or it is just being deleted.
   */
  async lockOwner(tx: Tx, owner: OwnerOfMany): Promise<boolean> {
    if (owner.scope === 'app') return locked(tx.selectFrom('app').select('id').where('id', '=', owner.appId));
    const [table, id] =
      owner.scope === 'agent' ? (['agent', owner.agentId] as const) : (['integration', owner.integrationId] as const);
    return locked(tx.selectFrom(table).select('id').where('app_id', '=', owner.appId).where('id', '=', id));
  }

  async insert(tx: Tx, owner: OwnerOfMany, key: KeyRecord & { readonly secret: string }): Promise<void> {
    await tx
      .insertInto('api_key')
      .values({
        id: key.id,
        scope: owner.scope,
        app_id: owner.appId,
        integration_id: owner.scope === 'integration' ? owner.integrationId : null,
        agent_id: owner.scope === 'agent' ? owner.agentId : null,
        grants: [...(key.scopes ?? WHOLE)],
        display_name: key.displayName,
        secret: this.box.seal(key.secret, owner.appId),
        created_at: await databaseNow(tx),
      })
      .execute();
  }

  /** Makes this the account's key of that id; an older secret is good no longer. */
  async keepAccountKey(tx: Tx, key: KeyRecord & { readonly secret: string }): Promise<void> {
    const secret = this.box.seal(key.secret, ACCOUNT);
    await tx
      .insertInto('api_key')
      .values({
        id: key.id,
        scope: ACCOUNT,
        display_name: key.displayName,
        secret,
        created_at: await databaseNow(tx),
      })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ secret }))
      .execute();
  }

  /** One process at a time makes an account's first key. */
  async lockAccount(tx: Tx): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(hashtext('switchboard account key'))`.execute(tx);
  }

  /** Oldest first, never with secrets. */
  list(owner: KeyOwner, on: Tx | Db['kysely'] = this.db.kysely): Promise<KeyRecord[]> {
    return ownedBy(on, owner)
      .select(RECORD)
      .orderBy('id')
      .execute()
      .then((rows) => rows.map(recordOf));
  }

  async find(owner: KeyOwner, id: string, on: Tx | Db['kysely'] = this.db.kysely): Promise<KeyRecord | null> {
    const row = await ownedBy(on, owner).select(RECORD).where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : recordOf(row);
  }

  /** Whether there was such a key. */
  async remove(tx: Tx, owner: KeyOwner, id: string): Promise<boolean> {
    const mine = ownedBy(tx, owner).select('id').where('id', '=', id);
    const { numDeletedRows } = await tx.deleteFrom('api_key').where('id', 'in', mine).executeTakeFirst();
    return numDeletedRows > 0n;
  }
}

function ownedBy(on: Tx | Db['kysely'], owner: KeyOwner) {
  const keys = on.selectFrom('api_key').where('scope', '=', owner.scope);
  if (owner.scope === 'account') return keys;
  const ofApp = keys.where('app_id', '=', owner.appId);
  if (owner.scope === 'app') return ofApp;
  return owner.scope === 'agent'
    ? ofApp.where('agent_id', '=', owner.agentId)
    : ofApp.where('integration_id', '=', owner.integrationId);
}

async function locked(found: SelectQueryBuilder<Tables, keyof Tables, object>): Promise<boolean> {
  return (await found.forNoKeyUpdate().executeTakeFirst()) !== undefined;
}

function recordOf({
  id,
  display_name: displayName,
  grants,
}: Pick<Selectable<Tables['api_key']>, (typeof RECORD)[number]>) {
  return { id, displayName, ...(!grants.includes('full') && { scopes: grants as Grant[] }) };
}

function principalOf(row: Selectable<Tables['api_key']>): KeyPrincipal | AgentCredential {
  const { id: keyId, app_id: appId, integration_id: integrationId, agent_id: agentId, grants } = row;
  if (appId === null) return { scope: 'account', keyId };
  if (agentId !== null) return { scope: 'agent', keyId, appId, names: { by: 'id', value: agentId } };
  if (integrationId === null) return { scope: 'app', keyId, appId, grants: grants as Grant[] };
  return { scope: 'integration', keyId, appId, integrationId };
}
