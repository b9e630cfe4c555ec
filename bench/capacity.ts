import type { Client } from 'pg';
import { checkpoint, pgbench } from './baseline.js';
import { Template } from './copies.js';
import { App } from './app.js';
import { eventsOf } from './crowd.js';
import { comeTrue, onDatabase } from './database.js';
import { progress, type Run } from './run.js';
import type { Stand } from './stand.js';

const AGENTS = Number(process.env['BENCH_AGENTS'] ?? 50);
const LIMIT = 40;
/** As many sessions as all agents have room for: the last ones fit only if nothing was counted wrongly. */
const SESSIONS = AGENTS * LIMIT;

const L1 = 'L1 beside capacity';
const TAKEN = `${SESSIONS} sessions that wait, offered and accepted by ${AGENTS} agents`;
const ENDED = `${SESSIONS} sessions of agents, ended in bulk`;

/**
 * Capacity: sessions wait in one queue for agents who have room for exactly so many. Each is offered and accepted: two
 * commands that lock conversation and agent. No goal is set for it. Answers the templates of what was copied.
 */
export async function capacityCells({ board, stand, rounds, seconds }: Run): Promise<readonly Template[]> {
  progress(`hiring ${AGENTS} agents`);
  const floor = await Floor.open(stand);
  for (let round = 1; round <= rounds; round++) {
    progress(`capacity, round ${round} of ${rounds}`);
    await checkpoint(stand.databaseUrl);
    board.note(L1, '/s', await pgbench(stand.databaseUrl, seconds));
    board.note(TAKEN, '/s', await floor.fill());
    board.note(ENDED, '/s', await floor.empty());
  }
  board.ratioGoal('capacity, offered and accepted / L1', null, null, [TAKEN, L1]);
  board.asserted('capacity', [
    `after each round every agent had ${LIMIT} sessions, each session one agent; ended, none was left on anybody`,
    `${floor.again} of ${rounds * SESSIONS} ends in bulk were asked for again`,
  ]);
  return [floor.template];
}

/** One app with an agent workspace, a queue that accepts for its agents, and agents who are there. */
class Floor {
  /** Ends that had to be asked for again. */
  again = 0;
  private made = 0;

  private constructor(
    private readonly stand: Stand,
    private readonly app: App,
    /** A session that waited while nobody was there. */
    readonly template: Template,
  ) {}

  static async open(stand: Stand): Promise<Floor> {
    const app = await App.make(stand, {});
    const { switchboard } = await app.post('/switchboards');
    const at = `/switchboards/${switchboard.id}`;
    const { switchboardIntegration } = await app.post(`${at}/switchboardIntegrations`, {
      name: 'humans',
      integrationType: 'zd:agentWorkspace',
    });
    await app.patch(at, { enabled: true, defaultSwitchboardIntegrationId: switchboardIntegration.id });
    const { queue } = await app.post('/queues', { name: 'all', autoAccept: true });
    const { serviceChannel } = await app.post('/serviceChannels', {
      name: 'web',
      kind: 'web_widget',
      tier: 'enhanced',
      capacityModel: 'status_based',
      weight: 1,
      queueId: queue.id,
    });
    const [conversationId] = await app.converse(1, { serviceChannelId: serviceChannel.id });
    const template = await onDatabase(stand, async (client) => {
      const waits = `SELECT EXISTS (SELECT 1 FROM session WHERE conversation_id = $1 AND status = 'WAITING') AS so`;
      await comeTrue(client, waits, 'the first session waits', [conversationId]);
      return Template.read(client, conversationId!);
    });
    await app.endMany(await app.sessions([conversationId!]));
    for (let index = 0; index < AGENTS; index++) await hire(app, index);
    return new Floor(stand, app, template);
  }

  /** Sessions accepted a second, from the first offer to the last acceptance. */
  async fill(): Promise<number> {
    return onDatabase(this.stand, async (client) => {
      const [from, to] = [this.made + 1, this.made + SESSIONS];
      this.made = to;
      await this.template.copy(client, { from, to });
      await this.template.arm(client, { from, to });
      const range = [this.template.idOf(from), this.template.idOf(to)];
      await comeTrue(client, ALL_TAKEN, 'all sessions are taken', [...range, SESSIONS]);
      await assertFull(client, this.app.id);
      const { first, last } = await eventsOf(client, this.template, [from, to], ['workOffered', 'workOpened']);
      return SESSIONS / ((last.getTime() - first.getTime()) / 1000);
    });
  }

  /** Sessions ended a second, a hundred with each request, four requests at once. */
  async empty(): Promise<number> {
    const ids = Array.from({ length: SESSIONS }, (_, index) => this.template.idOf(this.made - index));
    const sessions = await this.app.sessions(ids);
    const begun = performance.now();
    await atOnce(4, chunks(sessions, 100), async (some) => {
      this.again += await this.app.endMany(some);
    });
    const rate = sessions.length / ((performance.now() - begun) / 1000);
    await this.closeTabs();
    await this.app.quiet();
    return rate;
  }

  /** What has ended stays in an agent's work until they close its tab, but counts no longer. */
  private async closeTabs(): Promise<void> {
    await onDatabase(this.stand, async (client) => {
      await comeTrue(client, NOBODY_BUSY, 'nothing counts on any agent', [this.app.id]);
      const { rows } = await client.query<{ id: string; agent: string }>(
        'SELECT id, agent_id AS agent FROM work_item WHERE app_id = $1 AND tab_open',
        [this.app.id],
      );
      await atOnce(8, rows, ({ id, agent }) => this.app.post(`/agents/${agent}/work-items/${id}/close`, {}));
    });
  }
}

async function hire(app: App, index: number): Promise<void> {
  const { agent } = await app.post('/agents', {
    displayName: `agent ${index}`,
    externalId: `agent-${index}`,
    limits: { primary: LIMIT },
    permissions: { chat: true, chatRep: true, messagingAgent: true },
  });
  await app.post(`/agents/${agent.id}/login`, {});
  await app.put(`/agents/${agent.id}/presence`, { status: 'online' });
}

const ALL_TAKEN = `
  SELECT count(*) = $3::int AS so FROM session WHERE conversation_id BETWEEN $1 AND $2 AND status = 'ACTIVE'`;

const NOBODY_BUSY = `
  SELECT NOT EXISTS (SELECT 1 FROM agent WHERE app_id = $1 AND primary_used <> 0) AS so`;

/** The sums that agents carry, and the work items they stand for. */
async function assertFull(client: Client, appId: string): Promise<void> {
  const { rows } = await client.query<{ wrong: number; twice: number }>(
    `SELECT (SELECT count(*)::int FROM agent a WHERE app_id = $1
               AND (primary_used <> $2 OR (SELECT count(*) FROM work_item w WHERE w.agent_id = a.id AND w.status = 'open') <> $2)
            ) AS wrong,
            (SELECT count(*)::int FROM (SELECT 1 FROM work_item WHERE app_id = $1 AND status = 'open'
                                        GROUP BY session_id HAVING count(*) > 1) s) AS twice`,
    [appId, LIMIT],
  );
  const { wrong, twice } = rows[0]!;
  if (wrong + twice > 0) throw new Error(`NOT SO: ${wrong} agents not full, ${twice} sessions with two agents`);
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

async function atOnce<T>(many: number, items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: many }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}
