import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventConsumer, RecentIds, connectTo, type OwnConnection, type SwitchboardEvent } from '../../../sdk/index.js';
import { EventStream } from '../../support/stream.js';
import { startNats, type OwnServer } from '../../support/servers.js';
import { until } from '../../support/until.js';

interface Documented {
  readonly channels: Readonly<Record<string, { readonly address: string }>>;
  readonly components: {
    readonly messages: Readonly<
      Record<
        string,
        { readonly examples: readonly { readonly headers: { 'Nats-Msg-Id': string }; payload: SwitchboardEvent }[] }
      >
    >;
  };
}

/** Every example of the AsyncAPI document, published as it says, through the kit as an outsider would use it. */
describe('the documented examples', () => {
  const { channels, components }: Documented = JSON.parse(readFileSync('sdk/asyncapi.json', 'utf8'));
  const examples = Object.entries(components.messages).flatMap(([name, { examples: both }]) =>
    both.map(({ headers, payload }) => ({ name, id: headers['Nats-Msg-Id'], payload })),
  );
  let nats: OwnServer;
  let stream: EventStream;
  let connection: OwnConnection;

  beforeAll(async () => {
    nats = await startNats();
    stream = await EventStream.open(nats.url);
    await stream.create();
    connection = connectTo(nats.url);
    for (const { name, id, payload } of examples) await stream.raw(subject(name, payload), JSON.stringify(payload), id);
  });
  afterAll(async () => {
    await connection.close();
    await stream.close();
    await nats.stop();
  });

  function subject(name: string, { data }: SwitchboardEvent): string {
    const ids: Readonly<Record<string, unknown>> = { ...data };
    return channels[name]!.address.replaceAll(/\{(\w+)\}/g, (_, id: string) => String(ids[id]));
  }

  it('are two for each event, and a consumer of everything handles each as it was published', async () => {
    const seen: SwitchboardEvent[] = [];
    const buried: unknown[] = [];
    const consumer = new EventConsumer({
      name: 'examples-all',
      events: '*',
      connection: connection.source,
      once: new RecentIds(),
      concurrency: 1,
      handle: async (event) => void seen.push(event),
      onPoison: (report) => buried.push(report),
    });
    consumer.start();
    await until(() => seen.length + buried.length >= examples.length, { what: 'all examples to be handled' });
    await consumer.stop();
    expect(buried).toEqual([]);
    expect(seen).toEqual(examples.map(({ payload }) => payload));
    expect(examples).toHaveLength(2 * Object.keys(channels).length);
  });

  it('reach a consumer of one noun of one app only when they are of that noun', async () => {
    const own = examples.filter(({ name }) => name.startsWith('control.'));
    const seen: string[] = [];
    const consumer = new EventConsumer({
      name: 'examples-control',
      events: 'control.*',
      appId: String(own[0]!.payload.source.split('/').at(-1)),
      connection: connection.source,
      once: new RecentIds(),
      concurrency: 1,
      handle: async ({ id }) => void seen.push(id),
    });
    consumer.start();
    await until(() => seen.length >= own.length, { what: 'the examples of control' });
    await consumer.stop();
    expect(seen).toEqual(own.map(({ id }) => id));
    expect(consumer.progress.pending).toBe(0);
  });
});
