import { describe, expect, it } from '@jest/globals';
import { EffectTimeout } from '../../../sdk/index.js';
import { ended, listening, type Options } from '../../support/listening.js';
import { until } from '../../support/until.js';

describe('an effect that never settles', () => {
  const at = listening({ ackWaitMs: 1_500, effectLimitMs: 2_000 }, 100);
  const never = (): Promise<void> => new Promise(() => undefined);

  it('shows since when, and its event goes to another process; the rest of the conversation is not held up', async () => {
    const [stuck, next] = [ended(), ended()];
    const troubles: unknown[] = [];
    await at.publish(stuck);
    const begun = Promise.withResolvers<void>();
    const hangs = at.listen({
      onTrouble: (error) => void troubles.push(error),
      handle: async ({ id }) => {
        if (id !== stuck.id) return void at.seen.push(`here ${id}`);
        begun.resolve();
        await never();
      },
    });
    await begun.promise;
    const since = hangs.progress.oldestEffectSince?.getTime() ?? 0;
    expect(Math.abs(Date.now() - since)).toBeLessThan(1_500);
    await until(() => troubles.length > 0, { what: 'the limit' });
    expect(troubles).toEqual([expect.any(EffectTimeout)]);
    await at.publish(next);
    await until(() => at.seen.includes(`here ${next.id}`), { what: 'the next of the conversation' });
    at.listen();
    await at.arrived([stuck.id]);
    expect(hangs.progress.oldestEffectSince?.getTime()).toBe(since);
    expect(hangs.progress).toMatchObject({ handled: 1, poisoned: 0 });
  });

  it('is not begun a second time beside the first; what it comes to late is not acknowledged, only known', async () => {
    const event = ended();
    await at.publish(event);
    const late = Promise.withResolvers<void>();
    let begun = 0;
    const consumer = at.listen({
      handle: async ({ id }) => {
        begun += 1;
        await late.promise;
        at.seen.push(id);
      },
    });
    await until(() => consumer.progress.retried === 1, { what: 'the limit' });
    const { delivered } = await at.stream.consumer('spec');
    await until(async () => (await at.stream.consumer('spec')).delivered > delivered, { what: 'it to come again' });
    expect([begun, (await at.stream.consumer('spec')).unacknowledged]).toEqual([1, 1]);
    late.resolve();
    await until(async () => (await at.stream.consumer('spec')).unacknowledged === 0, { what: 'an acknowledgement' });
    expect([begun, at.seen]).toEqual([1, [event.id]]);
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
    await at.publish(...events);
    const consumer = at.listen({
      once,
      handle: async ({ id }) => (id === stuck ? never() : void at.seen.push(id)),
      handleAll: async (some) =>
        some.some(({ id }) => id === stuck) ? never() : void at.seen.push(...some.map(({ id }) => id)),
    });
    await at.arrived(events.map(({ id }) => id).filter((id) => id !== stuck));
    expect(new Set(at.seen).size).toBe(at.seen.length);
    expect(consumer.progress.oldestEffectSince).toBeInstanceOf(Date);
  });
});
