import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EffectTimeout,
  EventConsumer,
  RecentIds,
  connectTo,
  type ConsumerOptions,
  type OwnConnection,
  type SwitchboardEvent,
} from '../../../sdk/index.js';
import { example } from '../../../sdk/event-examples.spec-kit.js';
import { EventStream } from '../../support/stream.js';
import { startNats, type OwnServer } from '../../support/servers.js';
import { until } from '../../support/until.js';

type Ended = SwitchboardEvent<'session.ended'>;
type Options = ConsumerOptions<'session.ended', undefined>;

describe('an effect that never settles', () => {
  let nats: OwnServer;
  let stream: EventStream;
  let connection: OwnConnection;
  let seen: string[] = [];
  let consumers: EventConsumer<'session.ended', undefined>[] = [];

  const limits = { ackWaitMs: 1_500, effectLimitMs: 2_000 };
  const listen = (change: Partial<Options> = {}): EventConsumer<'session.ended', undefined> => {
    const consumer = new EventConsumer<'session.ended', undefined>({
      name: 'spec',
      events: 'session.ended',
      connection: connection.source,
      once: new RecentIds(),
      handle: async ({ id }) => void seen.push(id),
      retryDelaysMs: [20],
      ...limits,
      ...change,
    });
    consumers.push(consumer);
    consumer.start();
    return consumer;
  };
  const publish = async (...events: readonly SwitchboardEvent[]): Promise<void> => {
    for (const event of events) await stream.publish(event);
  };
  const ended = (change: Partial<Ended['data']> = {}): Ended => example('session.ended', change);
  const arrived = (expected: readonly string[]): Promise<unknown> =>
    until(() => expected.every((id) => seen.includes(id)), { what: `${expected.length} events to be handled` });
  const never = (): Promise<void> => new Promise(() => undefined);

  beforeAll(async () => {
    nats = await startNats();
    stream = await EventStream.open(nats.url);
  });
  beforeEach(async () => {
    seen = [];
    consumers = [];
    connection = connectTo(nats.url);
    await stream.create();
  });
  afterEach(async () => {
    // Short: what never settles is not waited for.
    await Promise.all(consumers.map((consumer) => consumer.stop(100)));
    await connection.close();
    await stream.delete();
  });
  afterAll(async () => {
    await stream.close();
    await nats.stop();
  });

  it('shows since when, and its event goes to another process; the rest of the conversation is not held up', async () => {
    const [stuck, next] = [ended(), ended()];
    const troubles: unknown[] = [];
    await publish(stuck);
    const begun = Promise.withResolvers<void>();
    const hangs = listen({
      onTrouble: (error) => void troubles.push(error),
      handle: async ({ id }) => {
        if (id !== stuck.id) return void seen.push(`here ${id}`);
        begun.resolve();
        await never();
      },
    });
    await begun.promise;
    const since = hangs.progress.oldestEffectSince?.getTime() ?? 0;
    expect(Math.abs(Date.now() - since)).toBeLessThan(1_500);
    await until(() => troubles.length > 0, { what: 'the limit' });
    expect(troubles).toEqual([expect.any(EffectTimeout)]);
    await publish(next);
    await until(() => seen.includes(`here ${next.id}`), { what: 'the next of the conversation' });
    listen();
    await arrived([stuck.id]);
    expect(hangs.progress.oldestEffectSince?.getTime()).toBe(since);
    expect(hangs.progress).toMatchObject({ handled: 1, poisoned: 0 });
  });

  it('is not begun a second time beside the first; what it comes to late is not acknowledged, only known', async () => {
    const event = ended();
    await publish(event);
    const late = Promise.withResolvers<void>();
    let begun = 0;
    const consumer = listen({
      handle: async ({ id }) => {
        begun += 1;
        await late.promise;
        seen.push(id);
      },
    });
    await until(() => consumer.progress.retried === 1, { what: 'the limit' });
    const { delivered } = await stream.consumer('spec');
    await until(async () => (await stream.consumer('spec')).delivered > delivered, { what: 'it to come again' });
    expect([begun, (await stream.consumer('spec')).unacknowledged]).toEqual([1, 1]);
    late.resolve();
    await until(async () => (await stream.consumer('spec')).unacknowledged === 0, { what: 'an acknowledgement' });
    expect([begun, seen]).toEqual([1, [event.id]]);
    expect(consumer.progress).toMatchObject({ handled: 0, repeated: 1, oldestEffectSince: null });
  });

  it('among many at once: the others are handled, each by itself', async () => {
    const events = Array.from({ length: 30 }, (_, i) => ended({ seq: i + 1 }));
    const stuck = events[7]!.id;
    const known = new Set<string>();
    const once: Options['once'] = {
      run: async (id, effect) => {
        if (known.has(id)) return false;
        await effect(undefined);
        return known.size < known.add(id).size;
      },
      runAll: async (all, effect) => {
        const fresh = new Set(all.filter((id) => !known.has(id)));
        await effect(fresh, undefined);
        for (const id of fresh) known.add(id);
        return fresh.size;
      },
    };
    await publish(...events);
    const consumer = listen({
      once,
      handle: async ({ id }) => (id === stuck ? never() : void seen.push(id)),
      handleAll: async (some) =>
        some.some(({ id }) => id === stuck) ? never() : void seen.push(...some.map(({ id }) => id)),
    });
    await arrived(events.map(({ id }) => id).filter((id) => id !== stuck));
    expect(new Set(seen).size).toBe(seen.length);
    expect(consumer.progress.oldestEffectSince).toBeInstanceOf(Date);
  });
});
