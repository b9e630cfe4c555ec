import { Injectable } from '@nestjs/common';
import { CompiledQuery, sql } from 'kysely';
import { parseId, type AgentId, type AppId } from '../kernel/index.js';
import type { RowWriter, Statement } from '../ledger/index.js';
import { databaseNow, isoTime } from '../platform/clock/index.js';
import { beyond, order, type Slice } from '../platform/http/index.js';
import { Db, refuseStrayCursor, type Tx } from '../platform/postgres/index.js';
import type { Agent, PresenceStatus } from './core/index.js';
import type { AgentEntry } from './ledger/agent.request.js';
import { agentOf, lockAgents } from './locks.store.js';
import { columnsOf } from './rows/agent-rows.store.js';
import type { KnownAgent } from './views.js';

export interface AgentFilter {
  readonly statuses: readonly PresenceStatus[] | null;
  readonly roles: readonly string[] | null;
  readonly team: string | null;
  readonly skill: string | null;
  readonly active: boolean | null;
}

@Injectable()
export class AgentsStore {
  constructor(private readonly db: Db) {}

  /** `null`: the app has an agent with this external id. */
  async insert(tx: Tx, appId: AppId, agent: Agent, externalId: string | null): Promise<KnownAgent | null> {
    const created_at = await databaseNow(tx);
    const { teams, skills } = agent.profile;
    const row = await tx
      .insertInto('agent')
      .values({
        ...columnsOf(agent),
        app_id: appId,
        external_id: externalId,
        teams: [...teams],
        skills: [...skills],
        created_at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    return row === undefined ? null : { agent, externalId, createdAt: isoTime(created_at) };
  }

  /** The clock of the database, which decides when something happened. */
  async now(tx: Tx): Promise<number> {
    return (await databaseNow(tx)).getTime();
  }

  /** The agent, locked for this transaction. */
  async lock(tx: Tx, appId: AppId, id: AgentId): Promise<Agent | null> {
    const [row] = await send(tx, lockAgents([appId], [id]));
    return row === undefined ? null : agentOf(row);
  }

  /** Writes as the ledger would; answers what is to be called after the commit. */
  async write(tx: Tx, writers: readonly RowWriter<AgentEntry>[], entry: AgentEntry): Promise<readonly (() => void)[]> {
    const hooks: (() => void)[] = [];
    for (const writer of writers) {
      const written = writer.write([entry]);
      if (written === null) continue;
      await send(tx, written.statement);
      if (written.committed) hooks.push(written.committed);
    }
    return hooks;
  }

  /** By our id, else by the business' own. */
  async find(appId: AppId, idOrExternalId: string, on: Tx | Db['kysely'] = this.db.kysely): Promise<KnownAgent | null> {
    const id = parseId<AgentId>(idOrExternalId);
    const rows = await select(on)
      .where('app_id', '=', appId)
      .where((agent) =>
        agent.or([agent('external_id', '=', idOrExternalId), ...(id === null ? [] : [agent('id', '=', id as string)])]),
      )
      .execute();
    const row = rows.find((one) => one.id === id) ?? rows[0];
    return row === undefined ? null : knownOf(row);
  }

  /** By id, in reading direction. */
  async list(appId: AppId, filter: AgentFilter, { cursor, direction, limit }: Slice): Promise<readonly KnownAgent[]> {
    const { statuses, roles, team, skill, active } = filter;
    await refuseStrayCursor(this.db, 'agent', cursor, { app_id: appId }, { lasting: true });
    const rows = await select(this.db.kysely)
      .where('app_id', '=', appId)
      .$if(statuses !== null, (query) => query.where('status', 'in', statuses ?? []))
      .$if(roles !== null, (query) => query.where('role', 'in', roles ?? []))
      .$if(active !== null, (query) => query.where('active', '=', active ?? true))
      .$if(team !== null, (query) => query.where(sql<boolean>`${team} = ANY (teams)`))
      .$if(skill !== null, (query) => query.where(sql<boolean>`${skill} = ANY (skills)`))
      .$if(cursor !== null, (query) => query.where('id', beyond(direction), cursor ?? ''))
      .orderBy('id', order(direction))
      .limit(limit)
      .execute();
    return rows.map(knownOf);
  }
}

const select = (on: Tx | Db['kysely']) =>
  on.selectFrom('agent').select(['id', 'app_id', 'external_id', 'profile', 'presence', 'work', 'seq', 'created_at']);

type AgentRow = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

const knownOf = (row: AgentRow): KnownAgent => ({
  agent: agentOf(row),
  externalId: row.external_id,
  createdAt: isoTime(row.created_at),
});

async function send(tx: Tx, { text, values }: Statement) {
  const { rows } = await tx.executeQuery<Readonly<Record<string, unknown>>>(CompiledQuery.raw(text, [...values]));
  return rows;
}
