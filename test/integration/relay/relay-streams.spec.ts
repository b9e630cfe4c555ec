import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { OutboxStore } from '../../../src/ledger/outbox/outbox.store.js';
import { Db } from '../../../src/platform/postgres/index.js';
import { compare, open, readStream, unpublished, writeOutbox, type History } from '../../support/outbox-load.js';
import { startRelay, type RelayInstance } from '../../support/relay.js';
import { startNats, testDatabase, type OwnServer, type TestDatabase } from '../../support/servers.js';
import { until } from '../../support/until.js';

describe('the relay and its stream', () => {
  let database: TestDatabase;
  let nats: OwnServer;
  let client: Client;
  let relay: RelayInstance;

  beforeEach(async () => {
    [database, nats] = await Promise.all([testDatabase(), startNats()]);
    client = await open(database.url);
    relay = startRelay(database.url, nats.url);
  });

  afterEach(async () => {
    await relay.stop();
    await client.end();
    await nats.stop();
    await database.drop();
  });

  const write = (rows: number): Promise<History> =>
    writeOutbox(database.url, { writers: 4, conversations: 20, rows, heldMs: 5, rollbacks: 0.1 }, (made) =>
      relay.relay.handOver(made),
    );

  const published = () => until(async () => (await unpublished(client)) === 0, { what: 'all rows to be published' });

  it('drains in order after NATS was killed mid-way', async () => {
    const writing = write(600);
    await until(async () => (await unpublished(client)) > 0, { what: 'rows to be written' });
    nats.kill();
    const committed = await writing;
    expect(await unpublished(client)).toBeGreaterThan(0);
    await nats.restart();
    await published();
    expect(compare(committed, (await readStream(nats.url)).first)).toEqual({ missed: 0, disordered: 0 });
  });

  it('publishes everything again, with the same ids, on a stream that vanished', async () => {
    const committed = await write(300);
    await published();
    await wipe(nats.url);
    // Nothing new is written: the connection that comes back is what shows the loss.
    nats.kill();
    await nats.restart();
    await until(() => relay.rewound() > 0, { what: 'the loss to be seen' });
    await published();
    const { copies, first } = await readStream(nats.url);
    expect(compare(committed, first)).toEqual({ missed: 0, disordered: 0 });
    // And what was announced of the loss itself.
    expect(copies).toBe([...committed.values()].flat().length + 1);
  });

  it('does not let a mark count that was made under an old fence or for an old stream', async () => {
    const db = new Db(database.url, 1);
    const store = new OutboxStore(db);
    const id = 'aaaaaaaaaaaaaaaaaaaaaa07';
    await relay.stop();
    await client.query(`INSERT INTO outbox (partition, conversation_id, seq, event_id, subject, body, created_at)
                        VALUES (7, '${id}', 1, 'e1', 'switchboard.v1.test', '{}', now())`);
    await client.query(`UPDATE lease SET owner = 'new', fence = 50 WHERE partition = 7`);
    await store.begin('S', 'then', 0);
    const row = { partition: 7, conversationId: id, seq: 1, eventId: 'e1', subject: 's', body: '{}' };
    expect(await store.published([{ row, fence: 49, streamSeq: 1 }], 'old', 'S', 1)).toBe(0);
    expect(await store.published([{ row, fence: 50, streamSeq: 1 }], 'old', 'S', 1)).toBe(0);
    await store.rewind('S', 1, 'later', 0);
    expect(await store.published([{ row, fence: 50, streamSeq: 1 }], 'new', 'S', 1)).toBe(0);
    expect(await store.published([{ row, fence: 50, streamSeq: 1 }], 'new', 'S', 2)).toBe(1);
    await db.close();
    relay = startRelay(database.url, nats.url);
  });
});

async function wipe(url: string): Promise<void> {
  const { connect } = await import('@nats-io/transport-node');
  const { jetstreamManager } = await import('@nats-io/jetstream');
  const connection = await connect({ servers: url });
  await (await jetstreamManager(connection)).streams.delete('SWITCHBOARD');
  await connection.close();
}
