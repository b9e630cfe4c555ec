import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Desk, load as aLoad, names, wid } from './core/agent.spec-kit.js';
import type { Bucket, Limits, Load, Ticket } from './core/agent.js';
import { canTake } from './core/capacity.js';
import { agentWaits } from './core/waits.js';
import { Tally } from './core/tally.spec-kit.js';

const RUNS = Number(process.env['SWITCHBOARD_AGENT_HISTORIES'] ?? 500);

const name = fc.constantFrom('A', 'B', 'C');
const weight = fc.constantFrom(0.5, 1, 2);
const loads: fc.Arbitrary<Load> = fc
  .record({
    model: fc.constantFrom('tab_based' as const, 'status_based' as const),
    weight,
    percent: fc.option(fc.constantFrom(25, 100)),
    pausedWeight: fc.constantFrom(0, 0.5),
    interruptible: fc.boolean(),
    bucket: fc.constantFrom<Bucket>('messaging', 'email', 'voice'),
    countInactive: fc.boolean(),
    afterWork: fc.option(fc.constant({ seconds: 120, extensionSeconds: 60, mostExtensions: 2 })),
  })
  .map(aLoad);
const limits: fc.Arbitrary<Limits> = fc.record({
  primary: fc.constantFrom(1, 2, 4),
  interruptible: fc.option(fc.constantFrom(1, 3)),
  buckets: fc.option(
    fc.constantFrom<NonNullable<Limits['buckets']>>({ messaging: 2, email: 3 }, { email: 1, voice: 1 }),
  ),
});

/** One step of a history, told to the core and to the tally. */
type Step = (desk: Desk, tally: Tally) => void;

const ticket = (status: Ticket['status']): Ticket => ({ id: 't', status });

const arrive = fc
  .tuple(name, fc.constantFrom('offered' as const, 'assigned' as const, 'answered' as const), loads)
  .map(([who, type, load]): Step => (desk, tally) => {
    // As the conversation does it: an offer only where there is room.
    if (type === 'offered' && !canTake(desk.agent, load)) return;
    desk.work({ type, ...names(who), load });
    tally.put(who, type, load);
  });

const happen = fc
  .tuple(name, fc.constantFrom('withdrawn', 'opened', 'paused', 'unpaused', 'idled', 'revived', 'left', 'transferred'))
  .map(([who, type]): Step => (desk, tally) => {
    const status = desk.agent.work.find(({ id }) => id === who)?.status;
    if (type === 'paused' && !desk.agent.work.some(({ id, load }) => id === who && load.model === 'status_based'))
      return;
    if (type === 'left' && status !== 'open' && status !== 'paused') return;
    const workItemId = wid(who);
    if (type === 'withdrawn') desk.work({ type, workItemId, why: 'declined' });
    else if (type === 'left') desk.work({ type, workItemId, why: 'returned' });
    else desk.work({ type, workItemId });
    tally.change(who, type, desk.now);
  });

const end = fc
  .tuple(name, fc.constantFrom('ended', 'ended with tab', 'ended as email'))
  .map(([who, how]): Step => (desk, tally) => {
    const treatAs = how === 'ended as email' ? 'email' : 'messaging';
    desk.work({ type: 'ended', workItemId: wid(who), closeTab: how === 'ended with tab', treatAs });
    tally.change(who, how, desk.now);
  });

const alone = fc
  .tuple(name, fc.constantFrom('tab closed', 'ticket open', 'ticket solved', 'wrapped up', 'outbound'))
  .map(([who, what]): Step => (desk, tally) => {
    const workItemId = wid(who);
    if (what === 'outbound') {
      desk.work({ type: 'startedOutbound' });
      return tally.outbound();
    }
    if (what === 'tab closed') desk.close(who);
    else if (what === 'wrapped up') desk.do({ type: 'finishAfterWork', workItemId });
    else desk.do({ type: 'setTicket', workItemId, ticket: ticket(what === 'ticket open' ? 'open' : 'solved') });
    tally.change(who, what);
  });

const wait = fc.integer({ min: 1, max: 130 }).map((seconds): Step => (desk, tally) => {
  desk.now += seconds * 1000;
  for (const { kind, subject, due } of agentWaits(desk.agent)) {
    if (kind === 'afterWork') desk.do({ type: 'afterWorkOver', workItemId: wid(subject), until: due });
  }
  tally.clock(desk.now);
});

const goAndCome = fc.boolean().map((online): Step => (desk, tally) => {
  if (online === tally.online) return;
  const { departures } = desk.do({ type: 'setStatus', status: online ? 'online' : 'offline', cause: 'chosen' });
  if (online) {
    tally.outbound();
    tally.online = true;
    return;
  }
  tally.offline();
  for (const { workItemId } of departures) {
    const offered = desk.agent.work.some(({ id, status }) => id === workItemId && status === 'offered');
    if (offered) desk.work({ type: 'withdrawn', workItemId, why: 'unavailable' });
    else desk.work({ type: 'left', workItemId, why: 'offline' });
    tally.change(workItemId, offered ? 'withdrawn' : 'left');
  }
});

const histories = fc.array(fc.oneof(arrive, arrive, happen, happen, end, alone, wait, goAndCome), {
  minLength: 10,
  maxLength: 60,
  size: 'max',
});

describe('any history of an agent', () => {
  it('K-3 K-4 K-6 K-8 K-10 K-12 counts what a tally on paper counts, and numbers every event', () => {
    fc.assert(
      fc.property(limits, histories, (limit, steps) => {
        const desk = new Desk(limit);
        const tally = new Tally(limit);
        for (const step of steps) {
          const { seq } = desk.agent;
          const before = desk.capacity;
          const told = desk.events.length;
          step(desk, tally);
          const events = desk.events.slice(told);
          const last = events.findLast(({ type }) => type === 'capacityChanged');
          const is = {
            capacity: desk.capacity,
            listed: desk.agent.work.map(({ id }) => id as string).sort(),
            seq: desk.agent.seq,
            told: last?.type === 'capacityChanged' ? last.capacity : before,
          };
          const should = {
            capacity: tally.capacity(),
            listed: tally.names,
            seq: seq + events.length,
            told: desk.capacity,
          };
          // Asking jest at every step takes ten times as long as the step.
          if (JSON.stringify(is) !== JSON.stringify(should)) expect(is).toEqual(should);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('K-3 X-12 nobody is above a limit by what was only ever offered', () => {
    fc.assert(
      fc.property(limits, fc.array(fc.tuple(name, loads), { maxLength: 12 }), (limit, offers) => {
        const desk = new Desk(limit);
        for (const [index, [who, load]] of offers.entries()) {
          if (canTake(desk.agent, load)) desk.offer(`${who}${index}`, load);
        }
        const { primary, interruptible, buckets } = desk.capacity;
        for (const pool of [primary, ...(interruptible ? [interruptible] : []), ...Object.values(buckets ?? {})]) {
          expect(pool.used).toBeLessThanOrEqual(pool.limit);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
