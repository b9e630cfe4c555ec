import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { officialClient, type KeyPair } from '../contract/official-client.js';
import { ExampleProcess } from '../support/example-process.js';
import { CONSUMERS, NatsStore } from '../support/nats-store.js';
import { ServerProcess } from '../support/process.js';
import { startNats, testDatabase, type OwnNats, type TestDatabase } from '../support/servers.js';
import { until } from '../support/until.js';
import { webhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';
import { Talkers } from './load.js';

const REWINDS = Number(process.env['SWITCHBOARD_TEST_REWINDS'] ?? 3);
const WIPES = Number(process.env['SWITCHBOARD_TEST_WIPES'] ?? 1);
/** Published after the copy was made, and lost with the rewind. */
const LOST = Number(process.env['SWITCHBOARD_TEST_REWOUND_EVENTS'] ?? 1_000);
const ACCOUNT: KeyPair = { id: `act_${'a1'.repeat(12)}`, secret: 'stream-account-secret-0123456789' };
const DETECTED_MS = 10_000;
const REPAIRED_MS = 60_000;

/**
 * The outsider's consumers of `sdk/examples`, as processes of their own, while people talk and NATS is killed, put back
 * to an older copy of its store, and wiped: nothing is missed, nothing is acted on twice.
 */
describe('a stream that is lost under load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-stream-loss-'));
  let database: TestDatabase;
  let nats: OwnNats;
  let store: NatsStore;
  let server: ServerProcess;
  let db: Client;
  let csat: ExampleProcess;
  let routing: ExampleProcess;
  let talkers: Talkers;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    [database, nats, receiver] = await Promise.all([testDatabase(), startNats(), webhookReceiver()]);
    store = new NatsStore(nats, folder);
    db = new Client(database.url);
    await db.connect();
    server = await ServerProcess.start({
      DATABASE_URL: database.url,
      NATS_URL: nats.url,
      SWITCHBOARD_ACCOUNT_KEY: `${ACCOUNT.id}:${ACCOUNT.secret}`,
      SWITCHBOARD_DATA_DIR: join(folder, 'data'),
    });
    csat = new ExampleProcess('csat', nats.url, join(folder, 'surveys.jsonl'));
    routing = new ExampleProcess('routing', nats.url, join(folder, 'board.jsonl'));
    csat.start();
    routing.start();
    talkers = new Talkers({ ...(await furnish()), withEmail: true });
    talkers.start(4);
  }, 60_000);

  afterAll(async () => {
    await talkers?.finish();
    await Promise.all([csat?.kill(), routing?.kill()]);
    await server?.kill('SIGKILL');
    await db?.end();
    await receiver?.close();
    await nats?.stop();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('R9 misses nothing of what was said while NATS was killed and restarted', async () => {
    await flows();
    const before = await rewinds();
    nats.kill();
    await growsBy(100);
    await nats.restart();
    await everybodyActed(await toldSoFar());
    // A restart alone is no loss: nothing is published twice for it.
    expect(await rewinds()).toBe(before);
  }, 120_000);

  it.each(Array.from({ length: REWINDS }, (_, round) => ({ round, consumers: CONSUMERS[round % 3]! })))(
    'R8 rewind $round, consumers $consumers: detected, repaired, nothing missed',
    async ({ consumers }) => {
      await flows();
      store.copy();
      await publishedBy(LOST);
      await everybodyActed(await toldSoFar());
      const before = await rewinds();
      nats.kill();
      await nats.stopped();
      store.putBack(consumers);
      await repaired(before);
    },
    240_000,
  );

  it('R8 finds a place lost by a consumer that was killed with NATS and came back after the repair', async () => {
    await flows();
    store.copy();
    await publishedBy(LOST);
    await everybodyActed(await toldSoFar());
    const before = await rewinds();
    nats.kill();
    await Promise.all([csat.kill(), routing.kill(), nats.stopped()]);
    store.putBack('kept');
    await nats.restart();
    await until(async () => (await rewinds()) > before, { timeoutMs: DETECTED_MS, what: 'the rewind to be seen' });
    // The stream is longer again than where the consumers stood.
    await publishedBy(2 * LOST);
    csat.start();
    routing.start();
    await everybodyActed(await toldSoFar());
  }, 240_000);

  it.each(Array.from({ length: WIPES }, (_, round) => round))(
    'R9 wipe %d of the running server',
    async () => {
      await flows();
      const before = await rewinds();
      store.wipe();
      await growsBy(50);
      nats.kill();
      await nats.stopped();
      await repaired(before);
    },
    240_000,
  );

  it('R9 a stream that is deleted while nobody says anything is there again within 10 s', async () => {
    await talkers.finish();
    await everybodyActed(await toldSoFar());
    const before = await rewinds();
    await deleteStream(nats.url);
    await repaired(before, async () => undefined);
  }, 240_000);

  it('has acted on each event once, and holds the board that the database holds', async () => {
    expect(talkers.surprises).toEqual([]);
    const told = await toldSoFar();
    await everybodyActed(told);
    for (const [example, ids] of [
      [csat, told.ended],
      [routing, told.control],
    ] as const) {
      const acts = example.acts().map(({ eventId }) => eventId);
      expect(acts).toHaveLength(ids.size);
      expect(new Set(acts)).toEqual(ids);
    }
    const surveyed = csat.acts().flatMap(({ sessionId }) => sessionId ?? []);
    expect(new Set(surveyed).size).toBe(surveyed.length);
    expect(surveyed.length).toBe(talkers.conversations);
  });

  const rewinds = async (): Promise<number> => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(/^switchboard_outbox_rewinds_total (\d+)/m.exec(text)?.[1] ?? 0);
  };

  const count = async (where: string): Promise<number> =>
    Number((await db.query<{ n: string }>(`SELECT count(*) AS n FROM outbox WHERE ${where}`)).rows[0]!.n);

  const growsBy = async (more: number): Promise<void> => {
    const before = await count('true');
    await until(async () => (await count('true')) >= before + more, { timeoutMs: 60_000, what: `${more} more events` });
  };

  const publishedBy = async (more: number): Promise<void> => {
    const before = await count('published_at IS NOT NULL');
    await until(async () => (await count('published_at IS NOT NULL')) >= before + more, {
      timeoutMs: 120_000,
      what: `${more} more events to be published`,
    });
  };

  /** What the examples should have acted on by now: ids of events. */
  async function toldSoFar(): Promise<{ ended: ReadonlySet<string>; control: ReadonlySet<string> }> {
    const ids = async (names: string) => {
      const { rows } = await db.query<{ id: string }>(
        `SELECT event_id AS id FROM outbox WHERE subject LIKE 'switchboard.v1.${names}.%'`,
      );
      return new Set(rows.map(({ id }) => id));
    };
    return { ended: await ids('session.ended'), control: await ids('control') };
  }

  /** Since when depends on the caller: within a minute of this call. */
  async function everybodyActed(told: Awaited<ReturnType<typeof toldSoFar>>): Promise<void> {
    const missing = (example: ExampleProcess, ids: ReadonlySet<string>): number => {
      const acts = new Set(example.acts().map(({ eventId }) => eventId));
      return [...ids].filter((id) => !acts.has(id)).length;
    };
    const left = () => ({ csat: missing(csat, told.ended), routing: missing(routing, told.control) });
    await until(() => left().csat + left().routing === 0, { timeoutMs: REPAIRED_MS, what: 'the examples' }).catch(
      (error: Error) => {
        throw new Error(`${error.message}: not acted on ${JSON.stringify(left())}\n${csat.output}\n${server.output}`);
      },
    );
  }

  /** NATS and everybody on it are at work. */
  async function flows(): Promise<void> {
    await publishedBy(50);
    await everybodyActed(await toldSoFar());
    expect([csat.running, routing.running]).toEqual([true, true]);
  }

  async function repaired(before: number, comeBack = () => nats.restart()): Promise<void> {
    await comeBack();
    const since = performance.now();
    await until(async () => (await rewinds()) > before, { timeoutMs: DETECTED_MS, what: 'the loss to be seen' });
    const detected = performance.now() - since;
    await everybodyActed(await toldSoFar());
    const seconds = (ms: number): string => (ms / 1000).toFixed(1);
    process.stdout.write(
      `    detected after ${seconds(detected)} s, repaired after ${seconds(performance.now() - since)} s\n`,
    );
    expect(performance.now() - since).toBeLessThan(REPAIRED_MS);
  }

  /** An app whose default bot and desk hear nothing by webhook: only the stream is of interest. */
  async function furnish() {
    const account = officialClient(server.url, ACCOUNT);
    const { app } = await account.apps['createApp']!({
      displayName: 'stream loss',
      settings: { multiConvoEnabled: true, disableConversationReopen: true, endSessionEnabled: true },
    });
    const { key } = await account.appKeys['createAppKey']!(app.id, { displayName: 'stream loss' });
    const client = officialClient(server.url, key);
    const { switchboard } = await client.switchboards['createSwitchboard']!(app.id);
    const linked: string[] = [];
    for (const name of ['faq', 'desk']) {
      const { integration } = await client.integrations['createIntegration']!(app.id, {
        type: 'custom',
        displayName: name,
        webhooks: [{ target: receiver.url, triggers: ['conversation:remove'] }],
      });
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
    return { url: server.url, appId: app.id as string, appKey: key as KeyPair };
  }
});

async function deleteStream(url: string): Promise<void> {
  const connection = await connect({ servers: url });
  await (await jetstreamManager(connection)).streams.delete('SWITCHBOARD');
  await connection.close();
}
