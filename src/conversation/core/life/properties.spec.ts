import { afterAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { canTake, changeWork, type Agent, type WorkItem } from '../../../agents/core/index.js';
import { later, type AgentId, type ConversationId } from '../../../kernel/index.js';
import {
  agentsConcernedBy,
  evolve,
  holderOf,
  initialState,
  mayEnd,
  treatedAs,
  waitsOf,
  workChanges,
  type ConversationCommand,
  type ConversationEvent,
  type TimerKind,
} from '../index.js';
import {
  agent,
  ann,
  app,
  ben,
  board,
  bot,
  by,
  channel,
  desk,
  humansFirst,
  keyOf,
  mia,
  queue,
} from './floor.spec-kit.js';
import { statusBased, support, billing, survey, tabBased, workspace, type Setting } from './floor.spec-kit.js';
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
  { weight: 2, arbitrary: fc.constantFrom(bot, desk, survey).map((one) => begins(keyOf(one))) },
  { weight: 2, arbitrary: fc.constantFrom(bot, desk).map((one) => says(keyOf(one))) },
  { weight: 3, arbitrary: fc.constant<Command>({ type: 'settleGround' }) },
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

/** What conversations stand on comes and goes, here the switchboard, the workspace, the bots and the queues. */
const ground = fc
  .record({
    switchboard: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(board(), humansFirst) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          board({ integrations: [bot, survey, desk] }),
          board({ defaultId: workspace.id, integrations: [workspace] }),
          board({ integrations: [bot, workspace], enabled: false }),
          null,
        ),
      },
    ),
    queues: fc.constantFrom([queue(support), queue(billing)], [queue(billing)], []),
  })
  .map((setting): Step => ({ do: 'ground', setting }));

type Step =
  | { readonly do: 'ground'; readonly setting: Setting }
  | { readonly do: 'command'; readonly command: Command }
  | { readonly do: 'wait' }
  | { readonly do: 'timer'; readonly nth: number };
const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: command.map((one): Step => ({ do: 'command', command: one })) },
    { weight: 2, arbitrary: fc.constant<Step>({ do: 'wait' }) },
    { weight: 2, arbitrary: ground },
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
  if (step.do === 'ground') return { told: told.in(step.setting), agents };
  const { when, command } = given(told, step);
  if (command === null) return { told: when, agents };
  const next = when.when(command);
  const changed = worked(told, next, agents);
  return { told: next.in({ agents: [...changed.values()] }), agents: changed };
}

/** What a step commands, and when. */
function given(told: Told, step: Step): { readonly when: Told; readonly command: ConversationCommand | null } {
  switch (step.do) {
    case 'command':
      return { when: told, command: typeof step.command === 'function' ? step.command(told) : step.command };
    case 'timer':
      return fires(told, step.nth);
    case 'ground':
    case 'wait':
      return { when: told.later(100), command: null };
  }
}

/** The next timer that is due, at the moment it is. */
function fires(told: Told, nth: number): ReturnType<typeof given> {
  const waits = waitsOf(told.state, told.world);
  const wait = waits[nth % (waits.length || 1)];
  if (!wait) return { when: told.later(1), command: null };
  const when = told.in({}, later(told.world.now, wait.due));
  const { kind, subject } = wait;
  if (kind === 'offerExpiry') return { when, command: { type: 'expireOffer', offerSeq: Number(subject) } };
  if (kind === 'endingDeadline') return { when, command: { type: 'expireEnding', sessionId: subject } };
  return { when, command: { type: 'timerDue', kind, subject } };
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

/** Where only a rare turn of a life shows the fault. */
const MANY = 2_000;

/** A property that never met an event proves nothing about it. */
const seen = new Set<string>();

function always(check: (after: Floor, before: Floor, step: Step) => void, numRuns = 300): void {
  fc.assert(
    fc.property(setting, steps, (chosen, life) => {
      let floor: Floor = { told: Told.of(chosen), agents: new Map((chosen.agents ?? []).map((one) => [one.id, one])) };
      for (const step of life) {
        const before = floor;
        floor = take(floor, step);
        if (step.do !== 'ground' && floor.told !== before.told) {
          for (const { type } of floor.told.decision.events) seen.add(type);
        }
        check(floor, before, step);
      }
    }),
    { numRuns },
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
      // One that ended on the way to the next, for what it stood on was gone, is over before that begins.
      const another = before.status === 'ENDING' && told.state.session?.id !== before.state.session?.id;
      expect(FOLLOWS[another ? 'ENDED' : before.status]).toContain(told.status);
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

  /** Every event of the last command, with the state and the moment it happened in. */
  const happenedIn = (after: Floor, before: Floor) => {
    let { state } = before.told;
    return after.told.decision.events.map((event) => {
      const found = state;
      state = evolve(state, event, after.told.world.now);
      return { event, found };
    });
  };

  it('lets an agent speak only in a session of their own, while their workspace holds control', () => {
    always((after, before, step) => {
      if (step.do !== 'command') return;
      for (const { event, found } of happenedIn(after, before)) {
        if (event.type !== 'messageSent' || event.agentId === null) continue;
        expect(holderOf(found.control)).toBe(workspace.id);
        expect(found.session?.human?.owner).toBe(event.agentId);
        expect(after.told.world.switchboard?.integrations).toContain(workspace);
      }
    }, MANY);
  });

  it('concerns no agent, and ends no session, that its loader did not expect', () => {
    always((after, before, step) => {
      const { command } = given(before.told, step);
      if (command === null || step.do === 'ground') return;
      const treatAs = treatedAs(after.told.decision.events, after.told.world);
      for (const { event, found } of happenedIn(after, before)) {
        const over = event.type === 'sessionEnded' || event.type === 'sessionEnding';
        if (over) expect(mayEnd(before.told.state, command)).toBe(true);
        const expected = agentsConcernedBy(before.told.state, command);
        for (const { agentId } of workChanges(found, event, CONVERSATION, treatAs))
          expect([...expected]).toContain(agentId);
        const took = over ? (found.session?.human?.participants ?? []) : [];
        for (const { agentId, role } of took) if (role === 'agent') expect([...expected]).toContain(agentId);
      }
    }, MANY);
  });

  it('holds nothing and waits for nobody once what it stood on is gone and it was settled', () => {
    always((after, before, step) => {
      if (given(before.told, step).command?.type !== 'settleGround') return;
      const { state, world } = after.told;
      const there = world.switchboard?.integrations.map(({ id }) => id) ?? [];
      const holder = holderOf(state.control);
      if (holder !== null) expect(there).toContain(holder);
      if (state.session?.status === 'WAITING') expect(holder ?? state.control.status).not.toBe('released');
      const reaches = ['ACTIVE', 'WAITING'].includes(after.told.status) && world.switchboard?.enabled === true;
      if (reaches && there.includes(world.switchboard?.defaultId as never)) expect(holder).not.toBeNull();
    });
  });
});
