import { afterAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { canTake, changeWork, type Agent, type WorkItem } from '../../../agents/core/index.js';
import { later, type AgentId, type ConversationId } from '../../../kernel/index.js';
import {
  evolve,
  holderOf,
  initialState,
  treatedAs,
  waitsOf,
  workChanges,
  type ConversationEvent,
  type TimerKind,
} from '../index.js';
import { agent, ann, app, ben, board, by, channel, keyOf, bot, humansFirst, mia, queue } from './floor.spec-kit.js';
import { statusBased, support, billing, tabBased, type Setting } from './floor.spec-kit.js';
import {
  accepts,
  asks,
  begins,
  closesTab,
  declines,
  ends,
  goesOffline,
  offersControl,
  parks,
  passes,
  releases,
  says,
  Told,
  writes,
} from './told.spec-kit.js';

/** A conversation with its two agents, whose work is folded as the shell folds it. */
interface Floor {
  readonly told: Told;
  readonly agents: ReadonlyMap<AgentId, Agent>;
}

type Command = Parameters<Told['when']>[0];
const CONVERSATION = 'c'.repeat(24) as ConversationId;
const people = [mia, ben] as const;

const someone = fc.constantFrom(...people);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Command>(writes()) },
  { weight: 5, arbitrary: someone.map(asks) },
  { weight: 6, arbitrary: someone.map(accepts) },
  { weight: 2, arbitrary: someone.map(declines) },
  { weight: 3, arbitrary: someone.map((who) => says(by(who))) },
  { weight: 2, arbitrary: someone.map(goesOffline) },
  { weight: 3, arbitrary: someone.map((who) => parks(by(who))) },
  {
    weight: 2,
    arbitrary: fc.tuple(someone, fc.constantFrom('end', 'inactivate', null)).map(([who, c]) => closesTab(who, c)),
  },
  { weight: 2, arbitrary: someone.map((who) => ends(by(who))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(ends(app), ends(ann), ends(app, { list: 'bulk' }), ends(app, { reason: 'error' })),
  },
  { weight: 2, arbitrary: fc.constantFrom(passes(keyOf(bot), 'workspace'), passes(app, 'bot'), passes(app, 'desk')) },
  { weight: 2, arbitrary: fc.constantFrom(offersControl(keyOf(bot), 'workspace'), releases(app)) },
  { weight: 1, arbitrary: someone.map((who) => begins(by(who))) },
  {
    weight: 2,
    arbitrary: someone.map((agentId): Command => ({ type: 'assignSession', by: app, agentId })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(someone, fc.oneof(someone, fc.constantFrom(support, billing))).map(([who, to]): Command => ({
      type: 'transferSession',
      by: by(who),
      to:
        to === mia || to === ben ? { type: 'agent', agentId: to } : { type: 'queue', queueId: to as never, skills: [] },
    })),
  },
);

type Step =
  | { readonly do: 'command'; readonly command: Command }
  | { readonly do: 'wait' }
  | { readonly do: 'timer'; readonly nth: number };
const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: command.map((one): Step => ({ do: 'command', command: one })) },
    { weight: 2, arbitrary: fc.constant<Step>({ do: 'wait' }) },
    { weight: 3, arbitrary: fc.nat(4).map((nth): Step => ({ do: 'timer', nth })) },
  ),
  { maxLength: 40, size: 'max' },
);

const setting: fc.Arbitrary<Setting> = fc
  .record({
    model: fc.constantFrom(tabBased, statusBased),
    switchboard: fc.constantFrom(board(), humansFirst),
    buckets: fc.constantFrom(null, { messaging: 2 }),
    kind: fc.constantFrom('web_widget' as const, 'whatsapp' as const),
    optIn: fc.constantFrom('none' as const, 'none' as const, 'explicit' as const),
    overflow: fc.constantFrom(
      { to: 'none' } as const,
      { to: 'end' } as const,
      { to: 'queue', queueId: billing } as const,
    ),
    endUser: fc.constantFrom({ mode: 'release' } as const, { mode: 'pass', to: 'survey' } as const),
    idle: fc.constantFrom('end', 'inactivate', 'reroute').map((act) => ({ do: act as 'end' })),
  })
  .map(({ model, switchboard, buckets, kind, optIn, overflow, endUser, idle }) => ({
    switchboard,
    channel: channel(kind, 'enhanced', { load: model, optIn, customerInactivitySeconds: 300 }),
    queues: [queue(support, { waitSeconds: 60, overflow }), queue(billing)],
    agents: people.map((id) => agent(id, { limits: { primary: 4, interruptible: null, buckets } })),
    settings: {
      botIdleSeconds: 7_200,
      onEnd: {
        end_user: endUser,
        agent: endUser,
        bot: { mode: 'release' as const },
        system: { mode: 'release' as const },
      },
      idle: {
        customer: { warnSeconds: 120, actSeconds: 240, action: idle },
        agent: { warnSeconds: 120, actSeconds: 600, action: idle },
      },
    },
  }));

function take({ told, agents }: Floor, step: Step): Floor {
  if (step.do === 'wait') return { told: told.later(100), agents };
  const next = step.do === 'command' ? told.when(step.command) : fire(told, step.nth);
  const changed = worked(told, next, agents);
  return { told: next.in({ agents: [...changed.values()] }), agents: changed };
}

/** The next timer that is due, at the moment it is. */
function fire(told: Told, nth: number): Told {
  const waits = waitsOf(told.state, told.world);
  const wait = waits[nth % (waits.length || 1)];
  if (!wait) return told.later(1);
  const then = told.in({}, later(told.world.now, wait.due));
  const { kind, subject } = wait;
  if (kind === 'offerExpiry') return then.when({ type: 'expireOffer', offerSeq: Number(subject) });
  if (kind === 'endingDeadline') return then.when({ type: 'expireEnding', sessionId: subject });
  return then.when({ type: 'timerDue', kind, subject });
}

function worked(before: Told, after: Told, agents: ReadonlyMap<AgentId, Agent>): Map<AgentId, Agent> {
  const changed = new Map(agents);
  const { events } = after.decision;
  const treatAs = treatedAs(events, after.world);
  let { state } = before;
  for (const event of after === before ? [] : events) {
    for (const { agentId, change } of workChanges(state, event, CONVERSATION, treatAs)) {
      const one = changed.get(agentId);
      if (one) changed.set(agentId, changeWork(one, change, after.world.now).agent);
    }
    state = evolve(state, event, after.world.now);
  }
  return changed;
}

const items = (
  { agents }: Floor,
  status: readonly WorkItem['status'][],
): readonly { agentId: AgentId; item: WorkItem }[] =>
  [...agents].flatMap(([agentId, { work }]) =>
    work.filter((item) => status.includes(item.status)).map((item) => ({ agentId, item })),
  );

/** Which status may follow which (`sessions.md` 2.2). */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  none: ['ACTIVE', 'WAITING', 'CONSENT', 'NEW'],
  NEW: ['ACTIVE', 'WAITING', 'ENDED', 'ENDING', 'ERROR'],
  CONSENT: ['ACTIVE', 'WAITING', 'ENDED', 'ERROR', 'ENDING'],
  WAITING: ['ACTIVE', 'ENDED', 'ENDING', 'ERROR'],
  ACTIVE: ['WAITING', 'INACTIVE', 'ENDED', 'ENDING', 'ERROR'],
  INACTIVE: ['ACTIVE', 'WAITING', 'ENDED', 'ENDING', 'ERROR', 'NEW'],
  ENDING: ['ENDED', 'ERROR', 'NEW'],
  ENDED: ['ACTIVE', 'WAITING', 'CONSENT', 'NEW'],
  ERROR: ['ACTIVE', 'WAITING', 'CONSENT', 'NEW'],
};

/** A property that never met an event proves nothing about it. */
const seen = new Set<string>();

function always(check: (after: Floor, before: Floor) => void): void {
  fc.assert(
    fc.property(setting, steps, (chosen, life) => {
      let floor: Floor = { told: Told.of(chosen), agents: new Map((chosen.agents ?? []).map((one) => [one.id, one])) };
      for (const step of life) {
        const before = floor;
        floor = take(floor, step);
        if (floor.told !== before.told) for (const { type } of floor.told.decision.events) seen.add(type);
        check(floor, before);
      }
    }),
    { numRuns: 300 },
  );
}

const count = (events: readonly ConversationEvent[], type: ConversationEvent['type']): number =>
  events.filter((event) => event.type === type).length;

describe('whatever happens to a session and its agents', () => {
  afterAll(() => {
    const met = ['workOffered', 'workDeclined', 'workOpened', 'workTransferred', 'agentJoined', 'agentLeft'];
    const lived = ['sessionQueued', 'sessionDequeued', 'sessionInactivated', 'sessionReactivated', 'sessionEnding'];
    const timed = ['sessionReminded', 'queueOverflowed', 'consentRequested'];
    expect([...met, ...lived, ...timed].filter((type) => !seen.has(type))).toEqual([]);
  });

  it('moves only as the table of transitions says', () => {
    always(({ told }, { told: before }) => {
      if (told.status === before.status) return;
      expect(FOLLOWS[before.status]).toContain(told.status);
    });
  });

  it('has one agent at most, and that agent has its work; an offer reserves with one agent (K-3)', () => {
    always((floor) => {
      const { session } = floor.told.state;
      const open = items(floor, ['open', 'paused']).filter(({ item }) => item.sessionId === session?.id);
      const offered = items(floor, ['offered']);
      const owner = session?.status === 'NEW' ? null : (session?.human?.owner ?? null);
      expect(open.map(({ agentId }) => agentId)).toEqual(owner === null ? [] : [owner]);
      expect(offered.map(({ agentId, item }) => [agentId, item.id])).toEqual(
        floor.told.offer ? [[floor.told.offer.agentId, floor.told.offer.workItemId]] : [],
      );
    });
  });

  it('leaves nobody with work of a session that is over', () => {
    always((floor) => {
      const over = ['ENDED', 'ERROR', 'ENDING', 'none'].includes(floor.told.status);
      if (over) expect(items(floor, ['open', 'paused', 'offered'])).toEqual([]);
    });
  });

  it('ends once, after it was asked for', () => {
    always(({ told }) => {
      const ended = told.log.filter(({ type }) => type === 'sessionEnded') as { sessionId: string }[];
      expect(new Set(ended.map(({ sessionId }) => sessionId)).size).toBe(ended.length);
      expect(ended.length).toBeLessThanOrEqual(count(told.log, 'sessionEndRequested'));
    });
  });

  it('offers only where there is room (K-8)', () => {
    always((after, before) => {
      const offer = after.told.decision.events.find(({ type }) => type === 'workOffered');
      if (after.told === before.told || offer?.type !== 'workOffered') return;
      const asked = before.agents.get(offer.agentId);
      expect(asked && canTake(asked, offer.load)).toBe(true);
    });
  });

  it('raises the epoch by one exactly when the holder changes, the agent included (I2)', () => {
    always(({ told }) => {
      let epoch = 0;
      let holder = 'null null';
      let state = initialState;
      for (const event of told.log) {
        state = evolve(state, event, told.world.now);
        const now = `${holderOf(state.control)} ${state.session?.human?.owner ?? null}`;
        if (now !== holder) epoch += 1;
        holder = now;
      }
      expect(state.controlEpoch).toBe(epoch);
    });
  });

  it('waits for nothing twice, and for no agent it does not need', () => {
    always(({ told }) => {
      const waits = waitsOf(told.state, told.world).map(({ kind, subject }) => `${kind} ${subject}`);
      expect(new Set(waits).size).toBe(waits.length);
      const kinds = new Set<TimerKind>(waitsOf(told.state, told.world).map(({ kind }) => kind));
      if (told.status !== 'WAITING') expect(kinds.has('queueWait')).toBe(false);
      if (told.status !== 'INACTIVE') expect(kinds.has('inactiveEnd')).toBe(false);
      if (told.status === 'WAITING') expect(told.owner).toBeNull();
    });
  });
});
