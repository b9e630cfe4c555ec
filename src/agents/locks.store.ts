import type { AgentId, AppId } from '../kernel/index.js';
import type { Row, Statement } from '../ledger/index.js';
import type { Agent } from './core/index.js';

/**
 * Locks agents behind every conversation they are locked with: the last lock class, in id order as all are. Only agents
 * of these apps are found; where there are several, whose agent a row is stands in its `app_id`.
 */
export function lockAgents(apps: readonly AppId[], ids: readonly AgentId[]): Statement {
  return { name: 'book_lock_agents', text: LOCK, values: [ids, apps] };
}

const LOCK = `
  SELECT id, app_id, profile, presence, work, seq FROM agent
  WHERE id = ANY($1::text[]) AND app_id = ANY($2::text[]) ORDER BY id FOR UPDATE`;

export const agentOf = (row: Row): Agent => ({
  id: row['id'] as AgentId,
  profile: row['profile'] as Agent['profile'],
  presence: row['presence'] as Agent['presence'],
  work: row['work'] as Agent['work'],
  seq: row['seq'] as number,
});

/** Until when the connections of these agents count as heard of; the agent, not the row, is locked. */
export const readHeard = (ids: readonly AgentId[]): Statement => ({
  name: 'book_read_heard',
  text: `SELECT agent_id, max(due_at) AS due_at FROM agent_timer
         WHERE agent_id = ANY($1::text[]) AND kind = 'silence' GROUP BY agent_id`,
  values: [ids],
});
