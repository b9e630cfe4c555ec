import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CommandQueue } from './queue.js';
import { LIMITS, member, names, type Numbered } from './queue.spec-kit.js';

describe('the queue of commands, over any history', () => {
  it('keeps order, bounds and turns', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const model = new Model();
        steps.forEach((each, now) => model.run(each, now));
      }),
      { numRuns: 1_000 },
    );
  });
});

const URGENCIES = ['usual', 'control', 'system'] as const;

type Step =
  | {
      readonly kind: 'offer';
      readonly conversation: number;
      readonly app: number;
      readonly caller: number;
      readonly urgency: number;
      readonly bytes: number;
    }
  | { readonly kind: 'take' }
  | { readonly kind: 'done' | 'undone' | 'refused'; readonly which: number }
  | { readonly kind: 'expire'; readonly age: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('offer' as const),
      conversation: fc.nat(2),
      app: fc.nat(2),
      caller: fc.nat(3),
      urgency: fc.nat(2),
      bytes: fc.nat(700),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'take' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('done' as const, 'undone' as const, 'refused' as const),
      which: fc.nat(9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), age: fc.nat(20) }) },
);

/** A plain list per conversation and caller of what must still come, in order. */
class Model {
  private readonly queue = new CommandQueue<Numbered>(LIMITS);
  private readonly lanes = new Map<string, Numbered[]>();
  private readonly returned = new Map<string, Numbered>();
  /** Turns that others had in the conversation while this lane waited, by lane and by other caller. */
  private readonly passed = new Map<string, Map<string, number>>();
  private inFlight: Numbered[] = [];

  run(each: Step, now: number): void {
    switch (each.kind) {
      case 'offer':
        this.offer(each, now);
        break;
      case 'take':
        this.take();
        break;
      case 'expire':
        this.expire(now - each.age);
        break;
      default:
        this.finish(each.kind, each.which);
    }
    expect(this.queue.waiting).toBe(this.all().length);
  }

  private offer(each: Step & { kind: 'offer' }, now: number): void {
    const urgency = URGENCIES[each.urgency] ?? 'usual';
    const caller = urgency === 'system' ? 'system' : `caller ${each.caller}`;
    const app = String(each.app);
    const one = member(`${app}-${each.conversation}`, { app, caller, urgency, bytes: each.bytes, since: now });
    const refusal = this.queue.offer(one);
    expect(refusal).toBe(this.expected(one));
    if (refusal === null) this.lane(one).push(one);
  }

  private expected({ command }: Numbered): string | null {
    const waiting = this.all();
    if (waiting.length >= LIMITS.maxQueued) return 'queue_full';
    if (command.urgency === 'system') return null;
    const lane = this.lanes.get(key(command)) ?? [];
    const alike = lane.filter((one) => one.command.urgency === command.urgency);
    if (alike.length >= LIMITS.maxWaitingPerCaller) return 'caller_full';
    const ofApp = waiting.filter((one) => one.command.appId === command.appId && one.command.urgency !== 'system');
    const own = ofApp.filter((one) => one.command.caller === command.caller);
    const counted = ofApp.length + (command.urgency === 'control' ? 0 : own.length);
    return ofApp.length > 0 && counted >= 3 * (LIMITS.maxQueued - waiting.length) ? 'app_full' : null;
  }

  private take(): void {
    const busy = new Set(names(this.inFlight));
    const ready = new Set(names(this.all()).filter((id) => !busy.has(id)));
    const group = this.queue.take();
    expect(group.length).toBeLessThanOrEqual(LIMITS.maxGroup);
    if (ready.size > 0) expect(group.length).toBeGreaterThan(0);
    const bytes = group.reduce((sum, { command }) => sum + command.bytes, 0);
    expect(group.length === 1 || bytes <= LIMITS.maxGroupBytes).toBe(true);
    expect(new Set([...names(group), ...busy]).size).toBe(group.length + busy.size);
    for (const one of group) this.turn(one);
    expectFair(group, [...ready]);
    this.inFlight.push(...group);
  }

  /** The oldest of its caller, unless it is one that came back; and nobody waits while another has three turns. */
  private turn(one: Numbered): void {
    const { conversationId, caller } = one.command;
    if (this.returned.has(conversationId)) {
      expect(this.returned.get(conversationId)).toBe(one);
      this.returned.delete(conversationId);
      return;
    }
    expect(this.lane(one).shift()).toBe(one);
    this.passed.delete(key(one.command));
    for (const [id, lane] of this.lanes) {
      if (lane.length === 0 || lane[0]?.command.conversationId !== conversationId) continue;
      const turns = this.passed.get(id) ?? new Map<string, number>();
      turns.set(caller, (turns.get(caller) ?? 0) + 1);
      this.passed.set(id, turns);
      if (lane[0].command.caller !== caller) expect(turns.get(caller)).toBeLessThanOrEqual(2);
    }
  }

  private finish(kind: 'done' | 'undone' | 'refused', which: number): void {
    const [one] = this.inFlight.splice(which % Math.max(1, this.inFlight.length), 1);
    if (one === undefined) return;
    if (kind === 'undone') {
      this.queue.putBack(one);
      this.returned.set(one.command.conversationId, one);
      return;
    }
    if (kind === 'refused') for (const behind of this.queue.behind(one)) this.withdraw(one, behind);
    this.queue.note(one, kind === 'refused');
    this.queue.release(one);
  }

  private withdraw(one: Numbered, behind: Numbered): void {
    expect(this.queue.withdraw(one, behind.command)).toBe(behind);
    expect(this.lane(one).shift()).toBe(behind);
    if (this.lane(one).length === 0) this.passed.delete(key(one.command));
  }

  private expire(since: number): void {
    const gone = new Set(this.queue.expire(since));
    expect([...gone].every((one) => one.since < since)).toBe(true);
    expect(this.all().filter((one) => one.since < since && !gone.has(one))).toEqual([]);
    for (const [id, lane] of this.lanes) {
      this.lanes.set(
        id,
        lane.filter((one) => !gone.has(one)),
      );
      if (this.lanes.get(id)?.length === 0) this.passed.delete(id);
    }
    for (const [id, one] of this.returned) if (gone.has(one)) this.returned.delete(id);
  }

  private lane({ command }: Numbered): Numbered[] {
    const id = key(command);
    return this.lanes.get(id) ?? this.lanes.set(id, []).get(id) ?? [];
  }

  private all(): Numbered[] {
    return [...this.returned.values(), ...[...this.lanes.values()].flat()];
  }
}

const key = ({ conversationId, caller }: Numbered['command']): string => `${conversationId} ${caller}`;

/** No app has two more in the group than another one that still had a ready conversation. */
function expectFair(group: readonly Numbered[], ready: readonly string[]): void {
  const taken = (app: string): number => names(group).filter((id) => id.startsWith(app)).length;
  const had = (app: string): number => ready.filter((id) => id.startsWith(app)).length;
  for (const left of ['0', '1', '2']) {
    if (had(left) === taken(left)) continue;
    for (const other of ['0', '1', '2']) expect(taken(other) - taken(left)).toBeLessThanOrEqual(1);
  }
}
