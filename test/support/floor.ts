import type { AgentProfile, Load, Presence } from '../../src/agents/index.js';
import { restoredSession, usualLoad, type Actor, type Session } from '../../src/conversation/index.js';
import type { AgentId, ConversationId, IntegrationId, KeyId, QueueId, SessionId } from '../../src/kernel/index.js';
import { newId } from '../../src/platform/ids.js';
import { startStage, userText, type Stage } from './stage.js';

/** A stage whose human side is an agent workspace: sessions passed to it wait in a queue for its agents. */
export interface Floor extends Stage {
  readonly queueId: QueueId;
  readonly workspaceId: string;
  /** Online, with every permission, and room for `limit` units. */
  hire(limit?: number, profile?: Partial<AgentProfile>): Promise<AgentId>;
  /** A conversation whose session waits in the queue. */
  waiting(): Promise<Waiting>;
  session(conversationId: ConversationId): Promise<Session>;
  /** What counts of the agent's primary capacity, and its items by status. */
  work(agentId: AgentId): Promise<{ readonly used: number; readonly items: readonly string[] }>;
  /** How many events of this type the conversation has. */
  count(conversationId: ConversationId, type: string): Promise<number>;
}

export interface Waiting {
  readonly conversationId: ConversationId;
  readonly sessionId: SessionId;
  readonly user: Actor & { type: 'user' };
}

export const agentActor = (agentId: AgentId): Actor => ({ type: 'agent', agentId, keyId: `agt_${agentId}` as KeyId });

/** `load`: what a session asks of an agent, and by which capacity model. */
export async function startFloor(load: Partial<Load> = {}, settings: object = {}): Promise<Floor> {
  const stage = await startStage({ endSessionEnabled: true, ...settings });
  const { appId, sql } = stage;
  const queueId = newId<QueueId>();
  const workspaceId = newId();
  await openWorkspace(stage, workspaceId, queueId, { ...usualLoad, ...load });
  return {
    ...stage,
    queueId,
    workspaceId,
    hire: (limit = 4, profile = {}) => hire(stage, limit, profile),
    async waiting() {
      const userId = await stage.user();
      const conversationId = await stage.open(userId);
      const user = { type: 'user', userId } as const;
      const errand = { appId, conversationId, by: user, idempotency: null };
      await stage.commands.receive(errand, userId, userText(userId));
      return { conversationId, user, sessionId: (await sessionOf(stage, conversationId)).id };
    },
    session: (conversationId) => sessionOf(stage, conversationId),
    async work(agentId) {
      const { rows } = await sql.query<{ primary_used: number; work: { status: string }[] }>(
        'SELECT primary_used, work FROM agent WHERE id = $1',
        [agentId],
      );
      return { used: rows[0]?.primary_used ?? 0, items: (rows[0]?.work ?? []).map(({ status }) => status) };
    },
    async count(conversationId, type) {
      const { rows } = await sql.query<{ count: number }>(
        'SELECT count(*)::int FROM event WHERE conversation_id = $1 AND type = $2',
        [conversationId, type],
      );
      return rows[0]?.count ?? 0;
    },
  };
}

async function sessionOf({ sql }: Stage, conversationId: ConversationId): Promise<Session> {
  const { rows } = await sql.query<{ session: Session }>(
    `SELECT state -> 'session' AS session FROM conversation WHERE id = $1`,
    [conversationId],
  );
  if (!rows[0]?.session) throw new Error('there is no session');
  return restoredSession(rows[0].session);
}

async function openWorkspace({ appId, configure, sql }: Stage, id: string, queueId: QueueId, load: Load) {
  const integrationId = newId<IntegrationId>();
  await sql.query(
    `INSERT INTO integration (id, app_id, type, display_name, created_at) VALUES ($1, $2, 'custom', 'floor', now())`,
    [integrationId, appId],
  );
  await sql.query(`INSERT INTO queue (id, app_id, name, asked_first, created_at) VALUES ($1, $2, 'all', $3, now())`, [
    queueId,
    appId,
    ['mostAvailable'],
  ]);
  await sql.query(
    `INSERT INTO service_channel (id, app_id, name, kind, tier, is_default, capacity_model, weight, percent, paused_weight,
                                  interruptible, bucket, count_inactive, after_work, opt_in, queue_id, agent_ended_as,
                                  created_at)
     VALUES ($1, $2, 'widget', 'web_widget', 'enhanced', true, $3, $4, $5, $6, $7, $8, $9, $10, 'none', $11, 'messaging',
             now())`,
    [
      newId(),
      appId,
      load.model,
      load.weight,
      load.percent,
      load.pausedWeight,
      load.interruptible,
      load.bucket,
      load.countInactive,
      load.afterWork,
      queueId,
    ],
  );
  await configure(
    `WITH made AS (
       INSERT INTO switchboard_integration (id, switchboard_id, app_id, name, integration_id, integration_type, kind, created_at)
       SELECT $1::text, id, $2::text, 'floor', $3::text, 'agentWorkspace', 'agent', now() FROM switchboard WHERE app_id = $2::text)
     UPDATE switchboard SET default_id = $1::text WHERE app_id = $2::text`,
    id,
    appId,
    integrationId,
  );
}

async function hire({ appId, sql }: Stage, limit: number, change: Partial<AgentProfile>): Promise<AgentId> {
  const id = newId<AgentId>();
  const profile: AgentProfile = {
    displayName: id,
    role: 'agent',
    active: true,
    teams: [],
    skills: [],
    permissions: { chat: true, chatRep: true, messagingAgent: true, endAny: true },
    limits: { primary: limit, interruptible: null, buckets: null },
    sessionPanel: null,
    hideCustomerInactive: null,
    ...change,
  };
  const presence: Presence = { status: 'online', loggedIn: true, since: 0, graceUntil: null, connection: 'one' };
  await sql.query(
    `INSERT INTO agent (id, app_id, role, active, profile, presence, status, offerable, teams, skills, primary_used,
                        primary_limit, open_items, capacity, created_at)
     VALUES ($1, $2, $3, true, $4, $5, 'online', true, $6, $7, 0, $8, 0, '{}', now())`,
    [id, appId, profile.role, profile, presence, profile.teams, profile.skills, limit],
  );
  return id;
}
