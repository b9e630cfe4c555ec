import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { compare, open, readStream, unpublished, writeOutbox, type History } from '../../support/outbox-load.js';
import { spawnRelay } from '../../support/relay-process.js';
import { startRelay } from '../../support/relay.js';
import { startNats, startPostgres, testDatabase, type OwnServer } from '../../support/servers.js';
import { until } from '../../support/until.js';

const toNobody = (): void => undefined;

/** Each test stops what it started, last first, whatever became of it. */
const started: (() => unknown)[] = [];
let nats: OwnServer;

beforeEach(async () => {
  nats = await startNats();
  started.push(() => nats.stop());
});

afterEach(async () => {
  for (const stop of started.splice(0).toReversed()) await stop();
});

async function database(): Promise<string> {
  const { url, drop } = await testDatabase();
  started.push(drop);
  return url;
}

async function clientOf(url: string) {
  const client = await open(url);
  started.push(() => client.end().catch(() => undefined));
  return client;
}

function relayOf(url: string, leaseMs?: number) {
  const relay = startRelay(url, nats.url, leaseMs);
  started.push(() => relay.stop());
  return relay;
}

const write = (url: string, rows: number): Promise<History> =>
  writeOutbox(url, { writers: 4, conversations: 20, rows, heldMs: 2, rollbacks: 0.1 }, toNobody);

async function expectAll(...written: readonly History[]): Promise<void> {
  const { first } = await readStream(nats.url);
  for (const history of written) expect(compare(history, first)).toEqual({ missed: 0, disordered: 0 });
}

describe('a relay', () => {
  it('goes on by itself when PostgreSQL is killed under it and comes back', async () => {
    const postgres = await startPostgres();
    started.push(() => postgres.stop());
    const before = await write(postgres.url, 3_000);
    const client = await clientOf(postgres.url);
    const all = await unpublished(client);
    relayOf(postgres.url);
    const midWay = async () => {
      const left = await unpublished(client);
      return left > 0 && left < all;
    };
    await until(midWay, { what: 'the middle of the work' });
    postgres.kill();
    await postgres.restart();

    const after = await write(postgres.url, 200);
    const again = await clientOf(postgres.url);
    await until(async () => (await unpublished(again)) === 0, { what: 'everything published' });
    await expectAll(before, after);
  }, 60_000);

  it('publishes everything again when the stream is lost and the connection stays', async () => {
    const url = await database();
    const client = await clientOf(url);
    const relay = relayOf(url);
    const published = () => until(async () => (await unpublished(client)) === 0, { what: 'everything published' });
    const before = await write(url, 300);
    await published();
    await removeStream();
    expect(relay.rewound()).toBe(0);

    // The next event finds no stream: the loss is seen, and what was lost goes first.
    const after = await write(url, 50);
    await until(() => relay.rewound() > 0, { what: 'the loss to be seen' });
    await published();
    await expectAll(before, after);
  }, 60_000);

  it('takes over from one that was killed, within a lease and a third, under higher fences', async () => {
    const url = await database();
    const client = await clientOf(url);
    const leaseMs = 1_000;
    const other = spawnRelay(url, nats.url);
    started.push(() => other.kill('SIGKILL'));
    const leases = `SELECT count(*)::int AS n, max(extract(epoch FROM expires_at - clock_timestamp()))::float8 AS left
                    FROM lease WHERE owner IS NOT NULL AND expires_at > clock_timestamp()`;
    const held = async () => (await client.query<{ n: number; left: number }>(leases)).rows[0];
    await until(async () => (await held())?.n === 256, { what: 'the other to hold everything' });
    const fences = 'SELECT partition, fence::int AS fence FROM lease ORDER BY partition';
    const before = (await client.query<{ fence: number }>(fences)).rows;

    other.kill('SIGKILL');
    const longest = ((await held())?.left ?? 0) * 1_000;
    const since = performance.now();
    const written = await write(url, 200);
    relayOf(url, leaseMs);
    await until(async () => (await unpublished(client)) === 0, { what: 'the takeover' });
    expect(performance.now() - since).toBeLessThan(longest + leaseMs / 3 + 2_000);
    const after = (await client.query<{ fence: number }>(fences)).rows;
    expect(after.filter(({ fence }, partition) => fence <= (before[partition]?.fence ?? 0))).toEqual([]);
    await expectAll(written);
  }, 60_000);
});

async function removeStream(): Promise<void> {
  const connection = await connect({ servers: nats.url });
  await (await jetstreamManager(connection)).streams.delete('SWITCHBOARD');
  await connection.close();
}
