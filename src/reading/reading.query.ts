import { Injectable } from '@nestjs/common';
import { sql, type RawBuilder } from 'kysely';
import type { AgentId, AppId, ConversationId } from '../kernel/index.js';
import { leadsAll } from '../conversation/core/index.js';
import { Db } from '../platform/postgres/index.js';
import type { ConversationFacts, Reader, SessionFacts } from './policy.js';

type Condition = RawBuilder<boolean>;

interface FactsRow {
  readonly here: boolean;
  readonly agents: readonly AgentId[];
  readonly guests: readonly AgentId[];
  readonly teams: readonly string[];
  readonly every_teams: boolean;
}

/** The facts of the policy. */
@Injectable()
export class ReadingQuery {
  constructor(private readonly db: Db) {}

  /** Of a conversation of the app; of any other there are none. */
  async ofConversation(appId: AppId, id: ConversationId): Promise<ConversationFacts> {
    const { rows } = await sql<FactsRow>`
      SELECT true AS here, ${FACTS} FROM session k WHERE k.app_id = ${appId} AND k.conversation_id = ${id}
      UNION ALL
      SELECT false, ${FACTS}
      FROM conversation c
      JOIN session k ON k.app_id = c.app_id AND k.started_at > c.created_at AND k.conversation_id <> c.id
                    AND k.user_id IN (SELECT p.user_id FROM participant p WHERE p.conversation_id = c.id)
      WHERE c.app_id = ${appId} AND c.id = ${id}`.execute(this.db.kysely);
    return {
      sessions: rows.filter(({ here }) => here).map(factsOf),
      later: rows.filter(({ here }) => !here).map(factsOf),
    };
  }

  /** Of every conversation the user takes part in. */
  async ofUser(appId: AppId, userId: string): Promise<readonly SessionFacts[]> {
    const { rows } = await sql<FactsRow>`
      SELECT true AS here, ${FACTS}
      FROM participant p JOIN session k ON k.conversation_id = p.conversation_id
      WHERE p.user_id = ${userId} AND k.app_id = ${appId}`.execute(this.db.kysely);
    return rows.map(factsOf);
  }
}

const QUEUE = sql.ref<string>('k.queue_id');
const OF_QUEUE = sql`coalesce((SELECT q.teams FROM queue q WHERE q.id = ${QUEUE} AND q.app_id = k.app_id), '{}')`;
const FACTS = sql`
  k.agents, k.guests,
  ${OF_QUEUE} || coalesce((
    SELECT array_agg(team) FROM agent m CROSS JOIN unnest(m.teams) AS team
    WHERE m.id = ANY (k.agents) AND m.app_id = k.app_id), '{}') AS teams,
  k.status = 'WAITING' AND ${OF_QUEUE} = '{}' AS every_teams`;

const factsOf = ({ agents, guests, teams, every_teams: everyTeams }: FactsRow): SessionFacts => ({
  agents,
  guests,
  teams,
  everyTeams,
});

/**
 * The policy as conditions of lists; `alias` is the name of the row in the statement, `null` for a reader a key of the
 * business.
 */
export function readableConversation(appId: AppId, reader: Reader | null, alias: string): Condition {
  if (reader === null || leadsAll(reader)) return ALL;
  const [c, own] = [sql.ref(alias), concerns(appId, reader)];
  return sql<boolean>`(
    EXISTS (SELECT FROM session k WHERE k.conversation_id = ${c}.id AND ${own})
    OR EXISTS (SELECT FROM participant p JOIN session k ON k.app_id = ${appId} AND k.user_id = p.user_id
               WHERE p.conversation_id = ${c}.id AND k.started_at > ${c}.created_at AND ${own}))`;
}

/** Found from the agent's side: an app has many sessions, and an agent few of them. */
export function readableSession(appId: AppId, reader: Reader | null, alias: string): Condition {
  if (reader === null || leadsAll(reader)) return ALL;
  return sql<boolean>`${sql.ref(alias)}.conversation_id IN (
    WITH concerned AS MATERIALIZED (
      ${sql.join(
        paths(appId, reader).map((path) => sql`${CONCERNED} WHERE ${path} AND ${concerns(appId, reader)}`),
        sql` UNION `,
      )})
    SELECT conversation_id FROM concerned
    UNION
    SELECT c.id FROM concerned k JOIN participant p ON p.user_id = k.user_id
    JOIN conversation c ON c.id = p.conversation_id AND c.app_id = ${appId} AND c.created_at < k.started_at)`;
}

export function readableUser(appId: AppId, reader: Reader | null, alias: string): Condition {
  if (reader === null || leadsAll(reader)) return ALL;
  return sql<boolean>`EXISTS (
    SELECT FROM participant p JOIN session k ON k.conversation_id = p.conversation_id
    WHERE p.user_id = ${sql.ref(alias)}.id AND ${concerns(appId, reader)})`;
}

export function readableSurvey(appId: AppId, reader: Reader | null, alias: string): Condition {
  if (reader === null || leadsAll(reader)) return ALL;
  const [s, own] = [sql.ref(alias), sql<boolean>`${sql.ref(`${alias}.agent_id`)} = ${reader.agentId}`];
  if (reader.role === 'agent') return own;
  return sql<boolean>`(${own} OR ${s}.team_id = ANY (${teamsOf(reader)}) OR ${s}.agent_id = ANY (${team(appId, reader)})
    OR ${s}.queue_id = ANY (${queues(appId, reader)}))`;
}

const CONCERNED = sql`SELECT k.conversation_id, k.user_id, k.started_at FROM session k`;

/** Where sessions can be that concern the reader, each by an index. */
function paths(appId: AppId, reader: Reader): readonly Condition[] {
  const me = sql`ARRAY[${reader.agentId}]::text[]`;
  const agents = reader.role === 'agent' ? me : sql`${me} || ${team(appId, reader)}`;
  const own = sql<boolean>`k.app_id = ${appId} AND k.id IN (
    SELECT a.session_id FROM session_agent a WHERE a.app_id = ${appId} AND a.agent_id = ANY (${agents}))`;
  if (reader.role === 'agent') return [own];
  const ofQueues = sql<boolean>`k.app_id = ${appId} AND k.queue_id = ANY (${queues(appId, reader)})`;
  return [own, ofQueues, sql<boolean>`k.status = 'WAITING'`];
}

/** A session `k` that the reader has to do with, or leads. */
function concerns(appId: AppId, reader: Reader): Condition {
  const me = sql`ARRAY[${reader.agentId}]::text[]`;
  const own = sql<boolean>`k.app_id = ${appId} AND (k.agents @> ${me} OR k.guests @> ${me}`;
  if (reader.role === 'agent') return sql<boolean>`${own})`;
  return sql<boolean>`${own} OR k.agents && ${team(appId, reader)} OR ${QUEUE} = ANY (${queues(appId, reader)})
    OR (k.status = 'WAITING' AND NOT EXISTS (
      SELECT FROM queue q WHERE q.id = ${QUEUE} AND q.app_id = k.app_id AND q.teams <> '{}')))`;
}

/** Of the app, which the statement asks for by itself. */
const ALL = sql<boolean>`true`;

const teamsOf = ({ teams }: Reader) => sql`${[...teams]}::text[]`;

const team = (appId: AppId, reader: Reader) => sql`ARRAY(
  SELECT m.id::text FROM agent m WHERE m.app_id = ${appId} AND m.teams && ${teamsOf(reader)})`;

const queues = (appId: AppId, reader: Reader) => sql`ARRAY(
  SELECT q.id::text FROM queue q WHERE q.app_id = ${appId} AND q.teams && ${teamsOf(reader)})`;
