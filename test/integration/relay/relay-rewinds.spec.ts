import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Client } from 'pg';
import type { SwitchboardEvent } from '../../../sdk/index.js';
import { NatsStore } from '../../support/nats-store.js';
import { compare, open, readStream, unpublished, writeOutbox, type History } from '../../support/outbox-load.js';
import { startRelay, type RelayInstance } from '../../support/relay.js';
import { startNats, testDatabase, type OwnNats, type TestDatabase } from '../../support/servers.js';
import { until } from '../../support/until.js';

/** What a length alone does not show: each of these was once acknowledged, and must be on the stream in the end. */
describe('a relay whose stream went back', () => {
  let folder: string;
  let database: TestDatabase;
  let nats: OwnNats;
  let store: NatsStore;
  let client: Client;
  let relay: RelayInstance;
  let watching: NatsConnection;
  let written: History[];
  let told: SwitchboardEvent<'stream.restored'>[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relay-rewinds-'));
    [database, nats] = await Promise.all([testDatabase(), startNats()]);
    store = new NatsStore(nats, folder);
    client = await open(database.url);
    relay = startRelay(database.url, nats.url);
    [written, told] = [[], []];
    watching = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    // Without JetStream, as a plain consumer hears it.
    watching.subscribe('switchboard.v1.stream.restored.>', {
      callback: (_, message) => void told.push(message.json()),
    });
  });

  afterEach(async () => {
    await watching.close();
    await relay.stop();
    await client.end();
    await nats.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = async (rows: number): Promise<void> => {
    const load = { writers: 4, conversations: 20, rows, heldMs: 2, rollbacks: 0.1 };
    written.push(await writeOutbox(database.url, load, (made) => relay.relay.handOver(made)));
  };
  const published = () => until(async () => (await unpublished(client)) === 0, { what: 'all rows to be published' });
  const rewound = (rows: number) => until(() => relay.rewound() > rows, { what: 'the loss to be seen' });
  const putBack = async (from: NatsStore): Promise<void> => {
    const before = relay.rewound();
    nats.kill();
    await nats.stopped();
    from.putBack('kept');
    await nats.restart();
    await rewound(before);
    await published();
  };
  const expectAll = async (): Promise<void> => {
    const { first } = await readStream(nats.url);
    for (const history of written) expect(compare(history, first).missed).toBe(0);
  };
  const description = async (): Promise<string | undefined> =>
    (await (await jetstreamManager(watching)).streams.info('SWITCHBOARD')).config.description;

  it('R8 a copy of a time before an earlier rewind holds other events under the same numbers', async () => {
    await write(200);
    await published();
    store.copy();
    await write(200);
    await published();
    const older = new NatsStore(nats, folder);
    older.copy();
    await write(200);
    await published();
    // Both halves are published again, the later one among the earlier.
    await putBack(store);
    await putBack(older);
    await expectAll();
  }, 60_000);

  it('R8 a copy of a time before an earlier rewind may even be longer than the stream', async () => {
    await write(200);
    await published();
    store.copy();
    await write(400);
    await published();
    const older = new NatsStore(nats, folder);
    older.copy();
    // What is older than two days is published no more.
    await client.query('DELETE FROM outbox');
    await write(50);
    await published();
    await putBack(store);
    await putBack(older);
    await expectAll();
  }, 60_000);

  it('R8 loses nothing that was acknowledged and not yet marked', async () => {
    await write(200);
    await published();
    store.copy();
    const [holding, watcher] = await Promise.all([open(database.url), open(database.url)]);
    await holding.query('BEGIN');
    await holding.query('SELECT FROM stream_mark FOR UPDATE');
    const { state } = await (await jetstreamManager(watching)).streams.info('SWITCHBOARD');
    await write(100);
    const stored = async () => (await (await jetstreamManager(watching)).streams.info('SWITCHBOARD')).state.last_seq;
    await until(async () => (await stored()) >= state.last_seq + 100, {
      what: 'the stream to hold what is not marked',
    });
    nats.kill();
    await nats.stopped();
    store.putBack('kept');
    await nats.restart();
    const waits = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
                   AND (query ILIKE '%update stream_mark%')`;
    await until(async () => (await watcher.query(waits)).rowCount! > 0, {
      what: 'the relay to judge the stream',
    });
    await holding.query('COMMIT');
    await Promise.all([holding.end(), watcher.end()]);
    await write(300);
    await published();
    await expectAll();
  }, 60_000);

  it('R9 finds out within 10 s that the stream is gone, though nobody says anything, and says so', async () => {
    await write(100);
    await published();
    expect(await description()).toMatch('Switchboard, generation 1 after 0');
    await (await jetstreamManager(watching)).streams.delete('SWITCHBOARD');
    await rewound(0);
    await published();
    await expectAll();
    expect(await description()).toBe('Switchboard, generation 2 after 0');
    await until(() => told.length > 0, { what: 'stream.restored' });
    const ajv = new Ajv2020();
    addFormats.default(ajv);
    const schema = JSON.parse(readFileSync(join('sdk', 'schemas', 'stream.restored.json'), 'utf8'));
    expect([ajv.validate(schema, told[0]), ajv.errors]).toEqual([true, null]);
    expect(told.map(({ data }) => data)).toMatchObject([
      { stream: 'SWITCHBOARD', generation: 2, survivedSeq: 0, republished: relay.rewound() },
    ]);
  }, 60_000);

  it('R9 takes a restart of NATS for no loss, whatever it says of when the stream was created', async () => {
    await write(100);
    await published();
    const created = async () => (await (await jetstreamManager(watching)).streams.info('SWITCHBOARD')).created;
    const before = await created();
    const killed = async (): Promise<void> => {
      nats.kill();
      await nats.stopped();
      await nats.restart();
    };
    await killed();
    const change = async () =>
      (await jetstreamManager(watching)).streams.update('SWITCHBOARD', { max_age: nanos(100 * 3_600_000) });
    await until(() => change().catch(() => null), { what: 'the stream to be changed' });
    await killed();
    await write(100);
    await published();
    // What nats-server 2.9 does; a later one need not.
    if (watching.info?.version.startsWith('2.9.')) expect(await created()).not.toBe(before);
    expect(relay.rewound()).toBe(0);
    expect(await description()).toMatch('Switchboard, generation 1 after 0');
    await expectAll();
  }, 60_000);

  it('never lets the generation fall, though PostgreSQL was put back to an older one', async () => {
    await write(50);
    await published();
    const streams = (await jetstreamManager(watching)).streams;
    await streams.update('SWITCHBOARD', { description: 'Switchboard, generation 5 after 0' });
    const generation = async () =>
      (await client.query<{ generation: number }>('SELECT generation::int FROM stream_mark')).rows[0]?.generation;
    await until(async () => (await generation()) === 5, { what: 'the mark to follow' });
    await write(50);
    await published();
    expect(await description()).toBe('Switchboard, generation 5 after 0');
    await expectAll();
  }, 60_000);
});
