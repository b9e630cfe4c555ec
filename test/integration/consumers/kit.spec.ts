import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { RecentIds, type PoisonReport } from '../../../sdk/index.js';
import { example } from '../../../sdk/event-examples.spec-kit.js';
import { ended, listening, type Ended } from '../../support/listening.js';
import { until } from '../../support/until.js';

/** The kit against a nats-server of its own, which it may lose. */
describe('the consumer kit', () => {
  const at = listening();
  const ids = (events: readonly Ended[]): string[] => events.map(({ id }) => id);

  it('hears its events and no others, in order, and counts them', async () => {
    const events = Array.from({ length: 250 }, () => ended());
    await at.publish(example('session.started'), ...events, example('control.passed'));
    const consumer = at.listen();
    await at.arrived(ids(events));
    expect(at.seen).toEqual(ids(events));
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
    await at.publish(...events);
    at.listen({
      once,
      maxAttempts: 2,
      onPoison: (report) => reports.push(report),
      handle: async ({ id }) => {
        if (id === bad) throw new Error('this one is bad');
        at.seen.push(id);
      },
      handleAll: async (some) => {
        if (some.some(({ id }) => id === bad)) throw new Error('one of these is bad');
        batches.push(some.length);
        at.seen.push(...some.map(({ id }) => id));
      },
    });
    await at.arrived(ids(events).filter((id) => id !== bad));
    await until(() => reports.length > 0, { what: 'the bad one to be given up' });
    expect(reports).toMatchObject([{ eventId: bad, attempts: 2 }]);
    expect(new Set(at.seen).size).toBe(at.seen.length);
  });

  it('works on conversations side by side, within each one thing after another', async () => {
    const running = new Map<string, number>();
    let most = 0;
    const conversations = ['64f0c00000000000000000a1', '64f0c00000000000000000a2', '64f0c00000000000000000a3'];
    const events = Array.from({ length: 60 }, (_, i) =>
      ended({ conversationId: conversations[i % 3] ?? '', seq: i + 1 }),
    );
    await at.publish(...events);
    const order: [string, number][] = [];
    at.listen({
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
        at.seen.push(id);
      },
    });
    await at.arrived(ids(events));
    expect(most).toBe(3);
    for (const one of conversations) {
      const seqs = order.filter(([conversation]) => conversation === one).map(([, seq]) => seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }
  });

  it('tries again what failed, and acts once', async () => {
    const event = ended();
    let attempts = 0;
    await at.publish(event);
    const consumer = at.listen({
      handle: async ({ id }) => {
        attempts += 1;
        if (attempts < 3) throw new Error('not yet');
        at.seen.push(id);
      },
    });
    await at.arrived([event.id]);
    expect(consumer.progress).toMatchObject({ handled: 1, retried: 2, poisoned: 0 });
  });

  it('gives poison up with a report, and goes on', async () => {
    const [bad, good] = [ended(), ended()];
    const reports: PoisonReport[] = [];
    await at.stream.raw('switchboard.v1.session.ended.a.b', 'no event', 'garbage');
    await at.publish(bad, good);
    const consumer = at.listen({
      maxAttempts: 2,
      onPoison: (report) => void reports.push(report),
      handle: async ({ id }) => {
        if (id === bad.id) throw new Error('never');
        at.seen.push(id);
      },
    });
    await until(() => reports.length === 2, { what: 'both reports' });
    await at.arrived([good.id]);
    expect(reports).toMatchObject([
      { eventId: null, attempts: 1, subject: 'switchboard.v1.session.ended.a.b' },
      { eventId: bad.id, attempts: 2, consumer: 'spec' },
    ]);
    expect(consumer.progress).toMatchObject({ handled: 1, poisoned: 2 });
  });

  it("never gives up for an outage that is not the event's fault", async () => {
    const event = ended();
    let attempts = 0;
    await at.publish(event);
    const consumer = at.listen({
      maxAttempts: 2,
      isOutage: () => attempts < 6,
      handle: async ({ id }) => {
        attempts += 1;
        if (attempts < 6) throw new Error('the database is away');
        at.seen.push(id);
      },
    });
    await at.arrived([event.id]);
    expect(consumer.progress.poisoned).toBe(0);
  });

  it('drops what comes twice', async () => {
    const [twice, last] = [ended(), ended()];
    await at.publish(twice);
    const consumer = at.listen();
    await at.arrived([twice.id]);
    await at.stream.raw(`${twice.type}.a.b`, JSON.stringify(twice), 'another-message-id');
    await at.publish(last);
    await at.arrived([last.id]);
    expect(at.seen).toEqual([twice.id, last.id]);
    expect(consumer.progress).toMatchObject({ handled: 2, repeated: 1 });
  });

  it('sends signs while it works longer than NATS waits, so that nothing comes again', async () => {
    const [slow, next] = [ended(), ended()];
    await at.publish(slow);
    const consumer = at.listen({
      ackWaitMs: 300,
      handle: async ({ id }) => {
        if (id === slow.id) await pause(1_000);
        at.seen.push(id);
      },
    });
    await at.arrived([slow.id]);
    // Behind whatever came again: one conversation, one after another.
    await at.publish(next);
    await until(() => consumer.progress.handled === 2, { what: 'both acknowledgements' });
    expect(consumer.progress).toMatchObject({ handled: 2, repeated: 0 });
  });

  it('finishes what it began when it stops, and the next one goes on from there', async () => {
    const events = Array.from({ length: 20 }, () => ended());
    await at.publish(...events);
    const gate = Promise.withResolvers<void>();
    const first = at.listen({
      concurrency: 1,
      handle: async ({ id }) => {
        if (at.seen.length === 3) await gate.promise;
        at.seen.push(id);
      },
    });
    await until(() => at.seen.length === 3, { what: 'some to be handled' });
    const stopping = first.stop();
    gate.resolve();
    await stopping;
    const done = first.progress.handled;
    expect(at.seen.length).toBe(done);
    expect(done).toBeLessThan(20);
    at.listen();
    await at.arrived(ids(events));
    expect(at.seen.length).toBe(20);
  });

  it('waits for the stream to appear', async () => {
    await at.stream.delete();
    const consumer = at.listen();
    await until(() => consumer.progress.state === 'waiting', { what: 'it to wait' });
    await at.stream.create();
    const event = ended();
    await at.publish(event);
    await at.arrived([event.id]);
  });

  it('comes back after NATS died', async () => {
    const [before, after] = [ended(), ended()];
    await at.publish(before);
    at.listen();
    await at.arrived([before.id]);
    at.nats.kill();
    await at.nats.restart();
    await until(() => at.stream.publish(after).then(() => true), { what: 'NATS to be back' });
    await at.arrived([after.id]);
    expect(at.seen).toEqual([before.id, after.id]);
  });

  it('reads a stream that was made anew from its beginning', async () => {
    const old = Array.from({ length: 5 }, () => ended());
    const young = Array.from({ length: 3 }, () => ended());
    await at.publish(...old);
    const consumer = at.listen();
    await at.arrived(ids(old));
    await at.stream.delete();
    await at.stream.create();
    await at.publish(...old, ...young);
    await at.arrived(ids(young));
    expect(at.seen.length).toBe(8);
    expect(consumer.progress.repeated).toBeGreaterThanOrEqual(0);
  });

  describe('R8 on a stream of another generation', () => {
    const start = async (generation: number, after: number, count: number): Promise<readonly string[]> => {
      const events = Array.from({ length: count }, () => ended());
      await at.stream.label({ number: generation, after });
      await at.publish(...events);
      return ids(events);
    };

    it('reads behind what survived, though its consumer stood further and the process is another one', async () => {
      const first = await start(1, 0, 10);
      const before = at.listen();
      await at.arrived(first);
      await before.stop();
      // As if 7 to 10 had been lost, and others had taken their numbers while nobody read.
      await at.stream.label({ number: 2, after: 6 });
      at.seen = [];
      const after = at.listen();
      await at.arrived(first.slice(6));
      expect(at.seen).toEqual(first.slice(6));
      expect(after.progress.restarted).toBe(1);
    });

    it('reads from the beginning when it slept through more than one', async () => {
      const first = await start(1, 0, 10);
      const before = at.listen();
      await at.arrived(first);
      await before.stop();
      await at.stream.label({ number: 3, after: 9 });
      at.seen = [];
      at.listen();
      await at.arrived(first);
    });

    it('is made anew within 10 s when the generation changes under it', async () => {
      const first = await start(1, 0, 10);
      const consumer = at.listen({ once: { run: async (_id, effect) => (await effect(undefined), true) } });
      await at.arrived(first);
      await at.stream.label({ number: 2, after: 0 });
      await until(() => at.seen.length === 20, { what: 'all of them again' });
      expect(consumer.progress.restarted).toBe(1);
    });
  });
});
