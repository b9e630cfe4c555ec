import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { officialClient, type KeyPair } from '../contract/official-client.js';
import { ServerProcess } from '../support/process.js';
import { startNats, startPostgres } from '../support/servers.js';
import { until } from '../support/until.js';
import { webhookReceiver, type Received, type WebhookReceiver } from '../support/webhook-receiver.js';
import { Talkers } from './load.js';
import { readStream } from './stream.js';

const ROUNDS = Number(process.env['SWITCHBOARD_TEST_KILLS'] ?? 20);
const ACCOUNT: KeyPair = { id: `act_${'a1'.repeat(12)}`, secret: 'chaos-account-secret-0123456789' };

/**
 * `kill -9` under load, with PostgreSQL and NATS each down once: nothing acknowledged is lost, every receiver hears
 * everything it subscribed to in rising `seq`, every session ends exactly once (I4, I5, I6).
 */
describe(`${ROUNDS} rounds of kill -9 under load`, () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let nats: Awaited<ReturnType<typeof startNats>>;
  let server: ServerProcess;
  let db: Client;
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-chaos-'));
  const receivers = new Map<string, WebhookReceiver>();
  let target: { url: string; appId: string; appKey: KeyPair };

  beforeAll(async () => {
    [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
    server = await ServerProcess.start({
      DATABASE_URL: postgres.url,
      NATS_URL: nats.url,
      SWITCHBOARD_ACCOUNT_KEY: `${ACCOUNT.id}:${ACCOUNT.secret}`,
      SWITCHBOARD_DATA_DIR: dataDir,
      // Short leases, so that deliveries go on between two kills and every kill hits some in flight.
      SWITCHBOARD_LEASE_SECONDS: '2',
    });
    target = await furnish(server.url);
  }, 90_000);

  afterAll(async () => {
    await db?.end();
    await server?.kill('SIGKILL');
    await Promise.all([...receivers.values()].map((receiver) => receiver.close()));
    await nats?.stop();
    await postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it(
    'loses nothing',
    async () => {
      const talkers = new Talkers(target);
      talkers.start(6);
      for (let round = 0; round < ROUNDS; round++) {
        const before = { acknowledged: talkers.acknowledged.messages.size, heard: heard() };
        await until(() => talkers.acknowledged.messages.size >= before.acknowledged + 20 && heard() > before.heard, {
          timeoutMs: 30_000,
          what: `load and deliveries in round ${round}`,
        });
        if (round === 6) nats.kill();
        if (round === 8) await nats.restart();
        if (round === 12) {
          postgres.kill();
          await postgres.restart();
        }
        await server.kill('SIGKILL');
        await server.restart();
      }
      await talkers.finish();
      expect(talkers.surprises).toEqual([]);
      expect(talkers.conversations).toBeGreaterThan(ROUNDS);

      db = new Client(postgres.url);
      await db.connect();
      await drained();
      await everythingAcknowledgedIsThere(talkers);
      await everyReceiverHeardEverything();
      await everyEventIsOnTheStream(talkers);
    },
    ROUNDS * 15_000 + 60_000,
  );

  const heard = () => [...receivers.values()].reduce((sum, receiver) => sum + receiver.received.length, 0);

  /** An app with a default bot, a desk, and an unlinked watcher that subscribes to everything. */
  async function furnish(url: string) {
    const account = officialClient(url, ACCOUNT);
    const { app } = await account.apps['createApp']!({
      displayName: 'chaos',
      settings: { multiConvoEnabled: true, disableConversationReopen: true, endSessionEnabled: true },
    });
    const { key } = await account.appKeys['createAppKey']!(app.id, { displayName: 'chaos' });
    const client = officialClient(url, key);
    const { switchboard } = await client.switchboards['createSwitchboard']!(app.id);
    const linked: string[] = [];
    for (const name of ['faq', 'desk', 'watcher']) {
      const receiver = await webhookReceiver();
      receivers.set(name, receiver);
      const triggers = name === 'watcher' ? ['*'] : ['conversation:message'];
      const { integration } = await client.integrations['createIntegration']!(app.id, {
        type: 'custom',
        displayName: name,
        webhooks: [{ target: receiver.url, triggers }],
      });
      if (name === 'watcher') continue;
      const made = await client.switchboardIntegrations['createSwitchboardIntegration']!(app.id, switchboard.id, {
        name,
        integrationId: integration.id,
      });
      linked.push(made.switchboardIntegration.id);
    }
    await client.switchboards['updateSwitchboard']!(app.id, switchboard.id, {
      enabled: true,
      defaultSwitchboardIntegrationId: linked[0],
    });
    return { url, appId: app.id as string, appKey: key as KeyPair };
  }

  const count = async (sql: string): Promise<number> =>
    Number((await db.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]!.n);

  /** Surveys first: their consumer hears of an end over NATS, and writes an event more. */
  async function drained(): Promise<void> {
    await until(
      async () =>
        (await count("event WHERE type = 'surveyPosted'")) === (await count('session')) &&
        (await count('outbox WHERE published_at IS NULL')) === 0 &&
        (await count('delivery WHERE done_at IS NULL')) === 0,
      { timeoutMs: 60_000, what: 'surveys, outbox and deliveries to drain' },
    );
  }

  async function everythingAcknowledgedIsThere(talkers: Talkers): Promise<void> {
    const { messages, passes, ends } = talkers.acknowledged;
    const stored = await db.query<{ id: string }>('SELECT id FROM message');
    const ids = new Set(stored.rows.map(({ id }) => id));
    expect([...messages.keys()].filter((id) => !ids.has(id))).toEqual([]);
    const passed = await db.query<{ conversation_id: string; n: number }>(
      `SELECT conversation_id, count(*)::int AS n FROM event WHERE type = 'controlPassed' GROUP BY 1`,
    );
    expect(new Map(passed.rows.map((row) => [row.conversation_id, row.n]))).toEqual(passes);
    const ended = await db.query<{ id: string }>(`SELECT id FROM session WHERE status = 'ENDED'`);
    expect(new Set(ended.rows.map(({ id }) => id))).toEqual(new Set(ends.values()));
    // One effect each: six transcript entries a conversation, of which two are the end note and the form of the survey.
    expect(ids.size).toBe(messages.size + 2 * ends.size);
  }

  /** First copies in rising `seq`, repeats byte for byte the same, and every delivery row received. */
  async function everyReceiverHeardEverything(): Promise<void> {
    const rows = await db.query<{ event_id: string; webhook_id: string; outcome: string }>(
      'SELECT event_id, webhook_id, outcome FROM delivery',
    );
    expect(rows.rows.filter(({ outcome }) => outcome !== 'delivered')).toEqual([]);
    const told = new Set<string>();
    for (const receiver of receivers.values()) {
      const firstCopies = new Map<string, Received>();
      const lastSeq = new Map<string, number>();
      for (const request of receiver.received) {
        const earlier = firstCopies.get(request.event.id);
        if (earlier) {
          expect(request.raw).toBe(earlier.raw);
          continue;
        }
        firstCopies.set(request.event.id, request);
        told.add(`${request.body.webhook.id} ${request.event.id}`);
        const conversation: string = request.event.payload.conversation.id;
        expect(request.event.seq).toBeGreaterThan(lastSeq.get(conversation) ?? 0);
        lastSeq.set(conversation, request.event.seq!);
      }
    }
    expect(rows.rows.filter((row) => !told.has(`${row.webhook_id} ${row.event_id}`))).toEqual([]);
    // Independent of the delivery table: the watcher is unlinked, so it heard every message that was stored.
    const watched = new Set(
      receivers
        .get('watcher')!
        .received.filter(({ event }) => event.type === 'conversation:message')
        .map(({ event }) => event.payload.message.id as string),
    );
    const stored = await db.query<{ id: string }>('SELECT id FROM message');
    expect(stored.rows.filter(({ id }) => !watched.has(id))).toEqual([]);
  }

  /** The stream holds every event of every conversation, its `seq` without gaps, and one `session.ended` a session. */
  async function everyEventIsOnTheStream(talkers: Talkers): Promise<void> {
    const events = await readStream(nats.url, 'SWITCHBOARD');
    const seen = new Map<string, number>();
    const ids = new Set<string>();
    const ended = new Map<string, number>();
    for (const event of events) {
      if (ids.has(event.id)) continue;
      ids.add(event.id);
      const { conversationId, seq } = event.data;
      expect(seq).toBe((seen.get(conversationId) ?? 0) + 1);
      seen.set(conversationId, seq);
      if (event.data.sessionId && event.subject.startsWith('switchboard.v1.session.ended.')) {
        ended.set(event.data.sessionId, (ended.get(event.data.sessionId) ?? 0) + 1);
      }
    }
    const written = await db.query<{ id: string }>('SELECT id, type, conversation_id, seq::int FROM event');
    expect(written.rows.filter(({ id }) => !ids.has(id))).toEqual([]);
    expect(ids.size).toBe(written.rows.length);
    expect(ended).toEqual(new Map([...talkers.acknowledged.ends.values()].map((id) => [id, 1])));
  }
});
