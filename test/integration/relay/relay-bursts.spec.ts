import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { compare, open, readStream, unpublished, writeOutbox } from '../../support/outbox-load.js';
import { startRelay, type Publish, type RelayInstance } from '../../support/relay.js';
import { startNats, testDatabase, type OwnServer, type TestDatabase } from '../../support/servers.js';
import { EventStream } from '../../support/stream.js';
import { until } from '../../support/until.js';

/** Rows of a conversation leave together; none of them may be stored ahead of the one before it. */
describe('rows of a conversation that leave together', () => {
  let database: TestDatabase;
  let nats: OwnServer;
  let client: Client;
  let relay: RelayInstance | null = null;

  beforeEach(async () => {
    [database, nats] = await Promise.all([testDatabase(), startNats()]);
    client = await open(database.url);
  });

  afterEach(async () => {
    await relay?.stop();
    await client.end();
    await nats.stop();
    await database.drop();
  });

  /** Publishes a load through what is given, and answers how it came to lie in the stream. */
  async function published(through: (publish: Publish) => Publish, rows = 400) {
    const started = (relay = startRelay(database.url, nats.url, 1_000, through));
    const load = { writers: 4, conversations: 20, rows, heldMs: 5, rollbacks: 0.1 };
    const committed = await writeOutbox(database.url, load, (made) => started.relay.handOver(made));
    await until(async () => (await unpublished(client)) === 0, { what: 'all rows to be published' });
    const { first, copies } = await readStream(nats.url);
    return { committed, copies, ...compare(committed, first) };
  }

  it('are mostly on their way together', async () => {
    let [alone, behind] = [0, 0];
    const { missed, disordered } = await published((publish) => (subject, id, body, before) => {
      if (before === null) alone += 1;
      else behind += 1;
      return publish(subject, id, body, before);
    });
    expect({ missed, disordered }).toEqual({ missed: 0, disordered: 0 });
    expect(behind).toBeGreaterThan(alone);
  });

  it('stay in order where one of them is lost on its way', async () => {
    const lost = new Set<string>();
    const { missed, disordered } = await published((publish) => (subject, id, body, before) => {
      if (lost.has(id) || Math.random() > 0.02) return publish(subject, id, body, before);
      lost.add(id);
      return Promise.reject(new Error('lost on its way'));
    });
    expect(lost.size).toBeGreaterThan(0);
    expect({ missed, disordered }).toEqual({ missed: 0, disordered: 0 });
  });

  it('go one by one where others write between them, and are stored once', async () => {
    const stream = await EventStream.open(nats.url);
    let refused = 0;
    const others = new Set<string>();
    const { missed, disordered, committed, copies } = await published(
      (publish) => async (subject, id, body, before) => {
        if (before !== null) await stream.raw('switchboard.v1.other', '{}', `other-${id}`).then(() => others.add(id));
        const stored = await publish(subject, id, body, before);
        if (stored === null) refused += 1;
        return stored;
      },
    );
    await stream.close();
    expect(refused).toBeGreaterThan(0);
    expect({ missed, disordered }).toEqual({ missed: 0, disordered: 0 });
    expect(copies).toBe([...committed.values()].flat().length + others.size);
  });
});
