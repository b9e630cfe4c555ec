import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EventConsumer,
  RecentIds,
  connectTo,
  type ConsumerOptions,
  type OwnConnection,
  type PoisonReport,
  type SwitchboardEvent,
} from '../../../sdk/index.js';
import { example } from '../../../sdk/event-examples.spec-kit.js';
import { EventStream } from '../../support/stream.js';
import { startNats, type OwnServer } from '../../support/servers.js';
import { until } from '../../support/until.js';

type Ended = SwitchboardEvent<'session.ended'>;
type Options = ConsumerOptions<'session.ended', undefined>;

/** The kit against a nats-server of its own, which it may lose. */
describe('the consumer kit', () => {
  let nats: OwnServer;
  let stream: EventStream;
  let connection: OwnConnection;
  let seen: string[] = [];
  let consumers: EventConsumer<'session.ended', undefined>[] = [];

  const listen = (change: Partial<Options> = {}): EventConsumer<'session.ended', undefined> => {
    const consumer = new EventConsumer<'session.ended', undefined>({
      name: 'spec',
      events: 'session.ended',
      connection: connection.source,
      once: new RecentIds(),
      handle: async ({ id }) => void seen.push(id),
      retryDelaysMs: [20],
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
  const ids = (events: readonly Ended[]): string[] => events.map(({ id }) => id);
  const arrived = (expected: readonly string[]): Promise<unknown> =>
    until(() => expected.every((id) => seen.includes(id)), {
      what: `${expected.length} events to be handled`,
    });

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
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await connection.close();
    await stream.delete();
  });
  afterAll(async () => {
    await stream.close();
    await nats.stop();
  });

  it('hears its events and no others, in order, and counts them', async () => {
    const events = Array.from({ length: 250 }, () => ended());
    await publish(example('session.started'), ...events, example('control.passed'));
    const consumer = listen();
    await arrived(ids(events));
    expect(seen).toEqual(ids(events));
    expect(consumer.progress).toMatchObject({ state: 'running', handled: 250, repeated: 0, retried: 0, pending: 0 });
  });

  it('takes many in one transaction; when that fails, each by itself, and one bad event holds up nobody', async () => {
    const events = Array.from({ length: 120 }, () => ended());
    const bad = events[57]!.id;
    const batches: number[] = [];
    const recent = new RecentIds();
    const once = {
      run: (id: string, effect: (tx: undefined) => Promise<void>) => recent.run(id, effect),
      runAll: async (all: readonly string[], effect: (fresh: ReadonlySet<string>, tx: undefined) => Promise<void>) => {
        await effect(new Set(all), undefined);
        return all.length;
      },
    };
    const reports: PoisonReport[] = [];
    await publish(...events);
    listen({
      once,
      maxAttempts: 2,
      onPoison: (report) => reports.push(report),
      handle: async ({ id }) => {
        if (id === bad) throw new Error('this one is bad');
        seen.push(id);
      },
      handleAll: async (some) => {
        if (some.some(({ id }) => id === bad)) throw new Error('one of these is bad');
        batches.push(some.length);
        seen.push(...some.map(({ id }) => id));
      },
    });
    await arrived(ids(events).filter((id) => id !== bad));
    await until(() => reports.length > 0, { what: 'the bad one to be given up' });
    expect(reports).toMatchObject([{ eventId: bad, attempts: 2 }]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('works on conversations side by side, within each one thing after another', async () => {
    const running = new Map<string, number>();
    let most = 0;
    const conversations = ['64f0c00000000000000000a1', '64f0c00000000000000000a2', '64f0c00000000000000000a3'];
    const events = Array.from({ length: 60 }, (_, i) =>
      ended({ conversationId: conversations[i % 3] ?? '', seq: i + 1 }),
    );
    await publish(...events);
    const order: [string, number][] = [];
    listen({
      handle: async ({ id, data }) => {
        running.set(data.conversationId, (running.get(data.conversationId) ?? 0) + 1);
        expect(running.get(data.conversationId)).toBe(1);
        most = Math.max(
          most,
          [...running.values()].reduce((sum, n) => sum + n),
        );
        await new Promise((resolve) => setImmediate(resolve));
        running.set(data.conversationId, 0);
        order.push([data.conversationId, data.seq]);
        seen.push(id);
      },
    });
    await arrived(ids(events));
    expect(most).toBe(3);
    for (const one of conversations) {
      const seqs = order.filter(([conversation]) => conversation === one).map(([, seq]) => seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }
  });

  it('tries again what failed, and acts once', async () => {
    const event = ended();
    let attempts = 0;
    await publish(event);
    const consumer = listen({
      handle: async ({ id }) => {
        attempts += 1;
        if (attempts < 3) throw new Error('not yet');
        seen.push(id);
      },
    });
    await arrived([event.id]);
    expect(consumer.progress).toMatchObject({ handled: 1, retried: 2, poisoned: 0 });
  });

  it('gives poison up with a report, and goes on', async () => {
    const [bad, good] = [ended(), ended()];
    const reports: PoisonReport[] = [];
    await stream.raw('switchboard.v1.session.ended.a.b', 'no event', 'garbage');
    await publish(bad, good);
    const consumer = listen({
      maxAttempts: 2,
      onPoison: (report) => void reports.push(report),
      handle: async ({ id }) => {
        if (id === bad.id) throw new Error('never');
        seen.push(id);
      },
    });
    await until(() => reports.length === 2, { what: 'both reports' });
    await arrived([good.id]);
    expect(reports).toMatchObject([
      { eventId: null, attempts: 1, subject: 'switchboard.v1.session.ended.a.b' },
      { eventId: bad.id, attempts: 2, consumer: 'spec' },
    ]);
    expect(consumer.progress).toMatchObject({ handled: 1, poisoned: 2 });
  });

  it("never gives up for an outage that is not the event's fault", async () => {
    const event = ended();
    let attempts = 0;
    await publish(event);
    const consumer = listen({
      maxAttempts: 2,
      isOutage: () => attempts < 6,
      handle: async ({ id }) => {
        attempts += 1;
        if (attempts < 6) throw new Error('the database is away');
        seen.push(id);
      },
    });
    await arrived([event.id]);
    expect(consumer.progress.poisoned).toBe(0);
  });

  it('drops what comes twice', async () => {
    const [twice, last] = [ended(), ended()];
    await publish(twice);
    const consumer = listen();
    await arrived([twice.id]);
    await stream.raw(`${twice.type}.a.b`, JSON.stringify(twice), 'another-message-id');
    await publish(last);
    await arrived([last.id]);
    expect(seen).toEqual([twice.id, last.id]);
    expect(consumer.progress).toMatchObject({ handled: 2, repeated: 1 });
  });

  it('sends signs while it works longer than NATS waits, so that nothing comes again', async () => {
    const [slow, next] = [ended(), ended()];
    await publish(slow);
    const consumer = listen({
      ackWaitMs: 300,
      handle: async ({ id }) => {
        if (id === slow.id) await pause(1_000);
        seen.push(id);
      },
    });
    await arrived([slow.id]);
    // Behind whatever came again: one conversation, one after another.
    await publish(next);
    await until(() => consumer.progress.handled === 2, { what: 'both acknowledgements' });
    expect(consumer.progress).toMatchObject({ handled: 2, repeated: 0 });
  });

  it('finishes what it began when it stops, and the next one goes on from there', async () => {
    const events = Array.from({ length: 20 }, () => ended());
    await publish(...events);
    const gate = Promise.withResolvers<void>();
    const first = listen({
      concurrency: 1,
      handle: async ({ id }) => {
        if (seen.length === 3) await gate.promise;
        seen.push(id);
      },
    });
    await until(() => seen.length === 3, { what: 'some to be handled' });
    const stopping = first.stop();
    gate.resolve();
    await stopping;
    const done = first.progress.handled;
    expect(seen.length).toBe(done);
    expect(done).toBeLessThan(20);
    listen();
    await arrived(ids(events));
    expect(seen.length).toBe(20);
  });

  it('waits for the stream to appear', async () => {
    await stream.delete();
    const consumer = listen();
    await until(() => consumer.progress.state === 'waiting', { what: 'it to wait' });
    await stream.create();
    const event = ended();
    await publish(event);
    await arrived([event.id]);
  });

  it('comes back after NATS died', async () => {
    const [before, after] = [ended(), ended()];
    await publish(before);
    listen();
    await arrived([before.id]);
    nats.kill();
    await nats.restart();
    await until(() => stream.publish(after).then(() => true), { what: 'NATS to be back' });
    await arrived([after.id]);
    expect(seen).toEqual([before.id, after.id]);
  });

  it('reads a stream that was made anew from its beginning', async () => {
    const old = Array.from({ length: 5 }, () => ended());
    const young = Array.from({ length: 3 }, () => ended());
    await publish(...old);
    const consumer = listen();
    await arrived(ids(old));
    await stream.delete();
    await stream.create();
    await publish(...old, ...young);
    await arrived(ids(young));
    expect(seen.length).toBe(8);
    expect(consumer.progress.repeated).toBeGreaterThanOrEqual(0);
  });

  describe('R8 on a stream of another generation', () => {
    const start = async (generation: number, after: number, count: number): Promise<readonly string[]> => {
      const events = Array.from({ length: count }, () => ended());
      await stream.label({ number: generation, after });
      await publish(...events);
      return ids(events);
    };

    it('reads behind what survived, though its consumer stood further and the process is another one', async () => {
      const first = await start(1, 0, 10);
      const before = listen();
      await arrived(first);
      await before.stop();
      // As if 7 to 10 had been lost, and others had taken their numbers while nobody read.
      await stream.label({ number: 2, after: 6 });
      seen = [];
      const after = listen();
      await arrived(first.slice(6));
      expect(seen).toEqual(first.slice(6));
      expect(after.progress.restarted).toBe(1);
    });

    it('reads from the beginning when it slept through more than one', async () => {
      const first = await start(1, 0, 10);
      const before = listen();
      await arrived(first);
      await before.stop();
      await stream.label({ number: 3, after: 9 });
      seen = [];
      listen();
      await arrived(first);
    });

    it('is made anew within 10 s when the generation changes under it', async () => {
      const first = await start(1, 0, 10);
      const consumer = listen({ once: { run: async (_id, effect) => (await effect(undefined), true) } });
      await arrived(first);
      await stream.label({ number: 2, after: 0 });
      await until(() => seen.length === 20, { what: 'all of them again' });
      expect(consumer.progress.restarted).toBe(1);
    });
  });
});
