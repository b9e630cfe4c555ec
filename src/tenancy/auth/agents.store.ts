import { Injectable } from '@nestjs/common';
import type { AgentId, Role } from '../../kernel/index.js';
import { Db } from '../../platform/postgres/index.js';
import type { AgentCredential } from './principal.js';

/** What the door asks of an agent. */
export interface KnownAgent {
  readonly id: AgentId;
  readonly role: Role;
  readonly teams: readonly string[];
}

/** Reads of agents for the door alone; their room is `src/agents`. */
@Injectable()
export class AgentsStore {
  constructor(private readonly db: Db) {}

  /** `null`: there is no such agent, or not any more. */
  async active(appId: string, { by, value }: AgentCredential['names']): Promise<KnownAgent | null> {
    const row = await this.db
      .as('auth')
      .kysely.selectFrom('agent')
      .select(['id', 'role', 'teams'])
      .where('app_id', '=', appId)
      .where(by === 'id' ? 'id' : 'external_id', '=', value)
      .where('active', '=', true)
      .executeTakeFirst();
    return row === undefined ? null : { id: row.id as AgentId, role: row.role as Role, teams: row.teams };
  }

  async exists(appId: string, id: AgentId): Promise<boolean> {
    const found = this.db
      .as('auth')
      .kysely.selectFrom('agent')
      .select('id')
      .where('app_id', '=', appId)
      .where('id', '=', id);
    return (await found.executeTakeFirst()) !== undefined;
  }
}
