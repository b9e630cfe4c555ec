import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { AppId } from '../../kernel/index.js';
import { CommandQueue, type QueueLimits, type Waiting } from './queue.js';

const LIMITS: QueueLimits = { maxGroup: 4, maxGroupBytes: 1_000, maxWaitingPerConversation: 3, maxQueued: 20 };

interface Numbered extends Waiting {
  readonly number: number;
}

let numbers = 0;

function member(conversationId: string, appId = 'a', bytes = 1, since = 0): Numbered {
  return { command: { conversationId, appId: appId as AppId, bytes, idempotency: null }, since, number: numbers++ };
}

function names(group: readonly Numbered[]): string[] {
  return group.map(({ command }) => command.conversationId);
}

describe('the queue of commands', () => {
  it('never takes two of one conversation, nor one whose conversation is in flight', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const [first, second] = [member('c1'), member('c1')];
    for (const each of [first, second, member('c2')]) queue.offer(each);
    expect(names(queue.take())).toEqual(['c1', 'c2']);
    expect(queue.take()).toEqual([]);
    queue.release(first);
    expect(queue.take()).toEqual([second]);
  });

  it('lets apps take turns', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    for (const id of ['a1', 'a2', 'a3', 'a4', 'a5']) queue.offer(member(id, 'a'));
    queue.offer(member('b1', 'b'));
    queue.offer(member('b2', 'b'));
    expect(names(queue.take())).toEqual(['a1', 'b1', 'a2', 'b2']);
    expect(names(queue.take())).toEqual(['a3', 'a4', 'a5']);
  });

  it('gives a member that was not done the first place in its conversation', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const [first, second] = [member('c1'), member('c1')];
    queue.offer(first);
    queue.offer(second);
    queue.take();
    queue.putBack(first);
    expect(queue.take()).toEqual([first]);
    queue.release(first);
    expect(queue.take()).toEqual([second]);
  });

  it('closes a group by bytes, and lets a large command go alone', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    for (const [id, bytes] of [
      ['c1', 600],
      ['c2', 5_000],
      ['c3', 400],
      ['c4', 400],
    ] as const) {
      queue.offer(member(id, 'a', bytes));
    }
    expect(names(queue.take())).toEqual(['c1']);
    expect(names(queue.take())).toEqual(['c2']);
    expect(names(queue.take())).toEqual(['c3', 'c4']);
  });

  it('refuses past its bounds', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    for (let i = 0; i < 3; i++) expect(queue.offer(member('c1'))).toBeNull();
    expect(queue.offer(member('c1'))).toBe('conversation_full');
    for (let i = 0; i < 17; i++) expect(queue.offer(member(`d${i}`))).toBeNull();
    expect(queue.offer(member('e'))).toBe('queue_full');
  });

  it('forgets conversations that are done', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    queue.offer(member('c1'));
    for (const each of queue.take()) queue.release(each);
    expect(queue.conversations).toBe(0);
  });

  it('expires those who waited too long and keeps the others in order', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    queue.offer(member('c1', 'a', 1, 10));
    queue.offer(member('c1', 'a', 1, 30));
    queue.offer(member('c2', 'b', 1, 10));
    expect(names(queue.expire(20))).toEqual(['c1', 'c2']);
    expect(queue.take().map(({ since }) => since)).toEqual([30]);
  });

  it('keeps order, bounds and fairness over any history', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 200 }), runHistory), { numRuns: 500 });
  });
});

type Step =
  | { readonly kind: 'offer'; readonly conversation: number; readonly app: number; readonly bytes: number }
  | { readonly kind: 'take' }
  | { readonly kind: 'done' | 'undone'; readonly which: number }
  | { readonly kind: 'expire'; readonly age: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('offer' as const),
      conversation: fc.nat(5),
      app: fc.nat(2),
      bytes: fc.nat(700),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'take' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('done' as const, 'undone' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), age: fc.nat(10) }) },
);

/** A model: a plain list per conversation of what must still come, in order. */
function runHistory(steps: readonly Step[]): void {
  const queue = new CommandQueue<Numbered>(LIMITS);
  const waiting = new Map<string, Numbered[]>();
  const inFlight: Numbered[] = [];
  const line = (id: string): Numbered[] => waiting.get(id) ?? waiting.set(id, []).get(id) ?? [];
  const all = (): number => [...waiting.values()].reduce((sum, each) => sum + each.length, 0);

  steps.forEach((each, now) => {
    switch (each.kind) {
      case 'offer': {
        const one = member(`${each.app}-${each.conversation}`, String(each.app), each.bytes, now);
        const mine = line(one.command.conversationId);
        const expected = all() >= LIMITS.maxQueued ? 'queue_full' : mine.length >= 3 ? 'conversation_full' : null;
        expect(queue.offer(one)).toBe(expected);
        if (expected === null) mine.push(one);
        break;
      }
      case 'take': {
        const busy = new Set(names(inFlight));
        const ready = [...waiting].filter(([id, members]) => members.length > 0 && !busy.has(id));
        const group = queue.take();
        expect(group.length).toBeLessThanOrEqual(LIMITS.maxGroup);
        if (ready.length > 0) expect(group.length).toBeGreaterThan(0);
        const bytes = group.reduce((sum, { command }) => sum + command.bytes, 0);
        expect(group.length === 1 || bytes <= LIMITS.maxGroupBytes).toBe(true);
        for (const one of group) expect(line(one.command.conversationId).shift()).toBe(one);
        expect(new Set([...names(group), ...busy]).size).toBe(group.length + busy.size);
        expectFair(
          group,
          ready.map(([id]) => id),
        );
        inFlight.push(...group);
        break;
      }
      case 'done':
      case 'undone': {
        const [one] = inFlight.splice(each.which % Math.max(1, inFlight.length), 1);
        if (one === undefined) break;
        if (each.kind === 'done') queue.release(one);
        else {
          queue.putBack(one);
          line(one.command.conversationId).unshift(one);
        }
        break;
      }
      case 'expire': {
        const gone = new Set(queue.expire(now - each.age));
        for (const [id, members] of waiting) {
          expect(members.filter((one) => one.since < now - each.age).every((one) => gone.has(one))).toBe(true);
          waiting.set(
            id,
            members.filter((one) => !gone.has(one)),
          );
        }
        break;
      }
    }
    expect(queue.waiting).toBe(all());
  });
}

/** No app has two more in the group than another one that still had a ready conversation. */
function expectFair(group: readonly Numbered[], ready: readonly string[]): void {
  const taken = (app: string): number => names(group).filter((id) => id.startsWith(app)).length;
  const had = (app: string): number => ready.filter((id) => id.startsWith(app)).length;
  for (const left of ['0', '1', '2']) {
    if (had(left) === taken(left)) continue;
    for (const other of ['0', '1', '2']) expect(taken(other) - taken(left)).toBeLessThanOrEqual(1);
  }
}
