import * as fc from 'fast-check';
import { changeWork, type Agent } from '../../../agents/core/index.js';
import { later, type AgentId, type ConversationId } from '../../../kernel/index.js';
import { evolve, treatedAs, waitsOf, workChanges } from '../index.js';
import type { ConversationCommand, ConversationEvent, ConversationState } from '../index.js';
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
export interface Floor {
  readonly told: Told;
  readonly agents: ReadonlyMap<AgentId, Agent>;
}

type Command = Parameters<Told['when']>[0];
export const CONVERSATION = 'c'.repeat(24) as ConversationId;
const people = [mia, ben] as const;

const someone = fc.constantFrom(...people);
const commands: fc.Arbitrary<Command> = fc.oneof(
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

export type Step =
  | { readonly do: 'ground'; readonly setting: Setting }
  | { readonly do: 'command'; readonly command: Command }
  | { readonly do: 'wait' }
  | { readonly do: 'timer'; readonly nth: number };
export const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: commands.map((one): Step => ({ do: 'command', command: one })) },
    { weight: 2, arbitrary: fc.constant<Step>({ do: 'wait' }) },
    { weight: 2, arbitrary: ground },
    { weight: 3, arbitrary: fc.nat(4).map((nth): Step => ({ do: 'timer', nth })) },
  ),
  { maxLength: 40, size: 'max' },
);

export const setting: fc.Arbitrary<Setting> = fc
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

export function take({ told, agents }: Floor, step: Step): Floor {
  if (step.do === 'ground') return { told: told.in(step.setting), agents };
  const { when, command } = commanded(told, step);
  if (command === null) return { told: when, agents };
  const next = when.when(command);
  const changed = worked(told, next, agents);
  return { told: next.in({ agents: [...changed.values()] }), agents: changed };
}

/** What a step commands, and when. */
export function commanded(
  told: Told,
  step: Step,
): { readonly when: Told; readonly command: ConversationCommand | null } {
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
function fires(told: Told, nth: number): ReturnType<typeof commanded> {
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

/** Every event of the last command, with the state that it happened in. */
export function happenedIn(
  after: Floor,
  before: Floor,
): readonly { readonly event: ConversationEvent; readonly found: ConversationState }[] {
  let { state } = before.told;
  return after.told.decision.events.map((event) => {
    const found = state;
    state = evolve(state, event, after.told.world.now);
    return { event, found };
  });
}
