import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventConsumer, RecentIds, connectTo, type OwnConnection, type SwitchboardEvent } from '../../../sdk/index.js';
import { example } from '../../../sdk/event-examples.spec-kit.js';
import { NatsProcess } from '../../../src/platform/nats/server/index.js';
import { EventStream } from '../../support/stream.js';
import { until } from '../../support/until.js';

/** R8: the stream's messages are put back to an older copy, while the server's consumers keep their positions. */
describe('a stream that went back', () => {
  let folder: string;
  let nats: NatsProcess;
  let stream: EventStream;
  let connection: OwnConnection;
  let consumer: EventConsumer<'session.ended', undefined>;
  let seen: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(process.env['TEST_FOLDER'] ?? '', 'rewind-'));
    nats = new NatsProcess({
      command: process.env['TEST_NATS_SERVER'] ?? '',
      home: join(folder, 'nats'),
      name: 'rewind',
    });
    await nats.start();
    stream = await EventStream.open(nats.url);
    await stream.create();
    connection = connectTo(nats.url);
    seen = [];
    consumer = new EventConsumer({
      name: 'spec',
      events: 'session.ended',
      connection: connection.source,
      once: new RecentIds(),
      handle: async ({ id }) => void seen.push(id),
    });
    consumer.start();
  });
  afterEach(async () => {
    await consumer.stop();
    await connection.close();
    await stream.close();
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const messages = (): string => join(folder, 'nats', 'jetstream', '$G', 'streams', 'SWITCHBOARD', 'msgs');
  const copy = (): string => join(folder, 'copy');
  const whileStopped = async (act: () => void): Promise<void> => {
    const { port } = nats;
    await nats.stop();
    act();
    await nats.start(port);
  };
  const publish = async (count: number): Promise<readonly string[]> => {
    const events: SwitchboardEvent[] = Array.from({ length: count }, () => example('session.ended'));
    for (const event of events) {
      await until(() => stream.publish(event).then(() => true), { what: 'NATS to store an event' });
    }
    return events.map(({ id }) => id);
  };
  const arrived = (ids: readonly string[]): Promise<unknown> =>
    until(() => ids.every((id) => seen.includes(id)), { what: `${ids.length} events` });

  it.each([
    ['and is shorter than where its consumer stands', 5],
    ['and has grown past where its consumer stands', 15],
  ])(
    '%s: nothing of what comes then is missed',
    async (_how, after) => {
      await arrived(await publish(10));
      await whileStopped(() => cpSync(messages(), copy(), { recursive: true }));
      await arrived(await publish(10));
      await whileStopped(() => {
        rmSync(messages(), { recursive: true });
        cpSync(copy(), messages(), { recursive: true });
      });
      await arrived(await publish(after));
      expect(seen).toHaveLength(20 + after);
      expect(consumer.progress.restarted).toBe(1);
    },
    90_000,
  );
});
