import { initialAgent } from '../../src/agents/index.js';
import { columnsOf } from '../../src/agents/rows/agent-rows.store.js';
import type { AgentId, Role } from '../../src/kernel/index.js';
import { newId } from '../../src/platform/ids.js';
import { Db } from '../../src/platform/postgres/index.js';
import { unbound } from './unbound.js';
import { basic, made, type Caller, type KeyPair, type Stage, type Tenant } from '../integration/tenancy/stage.js';

/** An agent of an app with a key of their own. */
export interface Hired {
  readonly id: AgentId;
  readonly externalId: string;
  readonly key: KeyPair;
  readonly caller: Caller;
}

/** Written as a row: how agents are made and changed over HTTP is proved elsewhere. */
export async function hire(
  stage: Stage,
  tenant: Tenant,
  role: Role,
  displayName: string = role,
  teams: readonly string[] = [],
): Promise<Hired> {
  const id = newId<AgentId>();
  const externalId = `${role}-${id}`;
  const profile = {
    displayName,
    role,
    active: true,
    teams,
    skills: [],
    permissions: { chat: true, chatRep: true, messagingAgent: true, endAny: role !== 'agent' },
    limits: { primary: 5, interruptible: null, buckets: null },
    sessionPanel: null,
    hideCustomerInactive: null,
  };
  const row = columnsOf(initialAgent(id, profile, Date.now()));
  await unbound(stage.started.app.get(Db))
    .insertInto('agent')
    .values({
      ...row,
      app_id: tenant.id,
      external_id: externalId,
      teams: [...teams],
      skills: [],
      created_at: new Date(),
    })
    .execute();
  const { key } = made(await tenant.caller.post(`${tenant.path}/agents/${id}/keys`, { displayName }));
  return { id, externalId, key, caller: stage.as(basic(key)) };
}

/** No token of theirs is good any more. */
export async function dismiss(stage: Stage, { id }: Pick<Hired, 'id'>): Promise<void> {
  const agents = unbound(stage.started.app.get(Db)).updateTable('agent');
  await agents.set({ active: false }).where('id', '=', id).execute();
}
