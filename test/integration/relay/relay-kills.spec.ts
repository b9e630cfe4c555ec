import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { compare, open, readStream, unpublished, writeOutbox } from '../../support/outbox-load.js';
import { spawnRelay } from '../../support/relay-process.js';
import { startRelay, type RelayInstance } from '../../support/relay.js';
import { startNats, testDatabase, type OwnServer, type TestDatabase } from '../../support/servers.js';
import { until } from '../../support/until.js';

/** R7 of `docs/invariants.md`. */
describe('the outbox under writers that hold and relays that die', () => {
  let database: TestDatabase;
  let nats: OwnServer;
  let client: Client;
  let ours: RelayInstance;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    [database, nats] = await Promise.all([testDatabase(), startNats()]);
    client = await open(database.url);
    ours = startRelay(database.url, nats.url);
    for (let i = 0; i < 3; i++) children.push(spawnRelay(database.url, nats.url));
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await ours.stop();
    await client.end();
    await nats.stop();
    await database.drop();
  });

  it('misses nothing and keeps every conversation in order, where a reader with a cursor does not', async () => {
    const writing = new AbortController();
    const kills = killEvery(1_000, children, () => spawnRelay(database.url, nats.url), writing.signal);
    const cursor = readByCursor(await open(database.url), writing.signal);
    const load = { writers: 32, conversations: 400, rows: 20_000, heldMs: 300, rollbacks: 0.1 };
    const committed = await writeOutbox(database.url, load, (rows) => ours.relay.handOver(rows));
    const published = async () => (await unpublished(client)) === 0;
    await until(published, { timeoutMs: 30_000, what: 'all rows to be published' }).finally(() => writing.abort());

    const read = await readStream(nats.url);
    expect(compare(committed, read.first)).toEqual({ missed: 0, disordered: 0 });
    expect([...committed.values()].flat().length).toBeGreaterThanOrEqual(load.rows);
    expect(await kills).toBeGreaterThanOrEqual(3);
    // The load is one that a textbook reader fails: else the line above would prove nothing.
    expect(compare(committed, await cursor).missed).toBeGreaterThan(0);
  }, 90_000);
});

async function killEvery(
  ms: number,
  children: ChildProcess[],
  spawnOne: () => ChildProcess,
  signal: AbortSignal,
): Promise<number> {
  let kills = 0;
  for (; ; kills++) {
    await pause(ms, undefined, { signal }).catch(() => undefined);
    // Nobody would end a child that begins behind the end of the test.
    if (signal.aborted) return kills;
    children.shift()?.kill('SIGKILL');
    children.push(spawnOne());
  }
}

/** "What is newer than the last I saw": by the time rows were made, which is not the order they are committed in. */
async function readByCursor(client: Client, signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
  const first = new Map<string, string[]>();
  let last = '-infinity';
  while (!signal.aborted) {
    const { rows } = await client.query<{ id: string; conversationId: string; at: string }>(
      `SELECT event_id AS id, conversation_id AS "conversationId", created_at::text AS at
       FROM outbox WHERE created_at > $1 ORDER BY created_at, conversation_id, seq`,
      [last],
    );
    for (const { id, conversationId, at } of rows) {
      first.set(conversationId, [...(first.get(conversationId) ?? []), id]);
      last = at;
    }
    await pause(50);
  }
  await client.end();
  return first;
}
