import type { AgentId, MessageId, UserId } from '../../../kernel/index.js';
import { decide, evolve, holderOf, initialState, pendingOf, waitsOf } from '../index.js';
import type {
  Actor,
  ConversationCommand,
  ConversationEvent,
  ConversationState,
  Decision,
  EndReason,
  EndVia,
  SessionTimer,
  World,
} from '../index.js';
import { ann, app, by, changed, fresh, humansFirst, ids, opening, type Setting } from './floor.spec-kit.js';

export type Step = ConversationCommand | ((told: Told) => ConversationCommand);

/** One conversation on the floor, told command by command. Immutable: every step is a new one. */
export class Told {
  private constructor(
    readonly state: ConversationState,
    readonly world: World,
    readonly decision: Decision,
    readonly log: readonly ConversationEvent[],
  ) {}

  static of(setting: Setting = {}): Told {
    const story = new Told(initialState, changed(opening, setting), { events: [], answer: { ok: true } }, []);
    return story.given({ type: 'startConversation', by: app, channelId: story.world.channel.id });
  }

  /** Commands that went well on the way to the point of the story. */
  given(...commands: readonly Step[]): Told {
    return commands.reduce<Told>((told, command) => {
      const next = told.when(command);
      if (next.refusal !== null) throw new Error(`refused: ${next.refusal}`);
      return next;
    }, this);
  }

  when(command: Step): Told {
    const world = { ...this.world, ids: ids() };
    const decision = decide(this.state, typeof command === 'function' ? command(this) : command, world);
    const state = decision.events.reduce((folded, event) => evolve(folded, event, world.now), this.state);
    return new Told(state, world, decision, [...this.log, ...decision.events]);
  }

  later(seconds: number): Told {
    return this.in({}, this.world.now + seconds * 1000);
  }

  /** The same, from now on in another setting. */
  in(setting: Setting, now = this.world.now): Told {
    return new Told(this.state, { ...changed(this.world, setting), now }, this.decision, this.log);
  }

  /** The same, in an app that does not have this agent. */
  without(agentId: AgentId): Told {
    const agents = new Map([...this.world.agents].filter(([id]) => id !== agentId));
    return new Told(this.state, { ...this.world, agents }, this.decision, this.log);
  }

  get status(): string {
    return this.state.session?.status ?? 'none';
  }

  get owner(): AgentId | null {
    return this.state.session?.human?.owner ?? null;
  }

  /** What the last command did. */
  get happened(): readonly ConversationEvent['type'][] {
    return this.decision.events.map(({ type }) => type);
  }

  /** The reason, or `null`. */
  get refusal(): string | null {
    return this.decision.answer.ok ? null : this.decision.answer.refusal.reason;
  }

  /** `bot`, `bot > workspace` while it is offered, or `nobody`. */
  get control(): string {
    const nameOf = (id: string | null): string =>
      this.world.switchboard?.integrations.find((one) => one.id === id)?.name ?? 'nobody';
    const pending = pendingOf(this.state.control);
    return nameOf(holderOf(this.state.control)) + (pending === null ? '' : ` > ${nameOf(pending)}`);
  }

  /** The agent who is asked at the moment. */
  get offer(): { readonly agentId: AgentId; readonly workItemId: string; readonly expiresAt: number | null } | null {
    const { session } = this.state;
    if (session?.status === 'WAITING') return session.waiting.offer;
    return session?.status === 'ACTIVE' ? session.transferring : null;
  }

  /** Seconds from now until a wait of this kind is over; `null`: nothing of the kind is waited for. */
  dueIn(kind: SessionTimer | 'endingDeadline'): number | null {
    const wait = waitsOf(this.state, this.world).find((one) => one.kind === kind);
    return wait ? (wait.due - this.world.now) / 1000 : null;
  }

  /** The last event of a type, in the whole story. */
  last<Type extends ConversationEvent['type']>(type: Type): Extract<ConversationEvent, { type: Type }> | undefined {
    return this.log.findLast((event): event is Extract<ConversationEvent, { type: Type }> => event.type === type);
  }

  count(type: ConversationEvent['type']): number {
    return this.log.filter((event) => event.type === type).length;
  }
}

export const writes = (user: Actor = ann): ConversationCommand => ({
  type: 'receiveMessage',
  by: user,
  userId: ann.userId,
  messageId: fresh<MessageId>(),
});
export const says = (who: Actor): ConversationCommand => ({
  type: 'sendMessage',
  by: who,
  messageId: fresh<MessageId>(),
  controlEpoch: null,
});
export const passes = (who: Actor, target: string): ConversationCommand => ({
  type: 'passControl',
  by: who,
  target,
  metadata: null,
  reason: null,
});
export const offersControl = (who: Actor, target: string): ConversationCommand => ({
  type: 'offerControl',
  by: who,
  target,
  metadata: null,
  expiresInSeconds: null,
});
export const releases = (who: Actor): ConversationCommand => ({
  type: 'releaseControl',
  by: who,
  metadata: null,
  reason: null,
});

/** Routing asks this agent. */
export const asks = (agentId: AgentId): ConversationCommand => ({ type: 'offerWork', agentId });
export const accepts =
  (agentId: AgentId): Step =>
  ({ offer }) => ({ type: 'acceptWork', by: by(agentId), workItemId: (offer?.workItemId ?? 'none') as never });
export const declines =
  (agentId: AgentId): Step =>
  ({ offer }) => ({ type: 'declineWork', by: by(agentId), workItemId: (offer?.workItemId ?? 'none') as never });
export const takes = (agentId: AgentId): readonly Step[] => [asks(agentId), accepts(agentId)];
export const goesOffline = (agentId: AgentId): ConversationCommand => ({
  type: 'detachAgent',
  agentId,
  workItemId: null,
  why: 'agent_offline',
});
export const parks = (who: Actor): ConversationCommand => ({ type: 'inactivateSession', by: who });
export const closesTab =
  (agentId: AgentId, choice: 'end' | 'inactivate' | null): Step =>
  ({ state }) => ({
    type: 'closeTab',
    by: by(agentId),
    workItemId: (state.session?.human?.workItemId ?? 'none') as never,
    choice,
  });

interface Asked {
  readonly via?: EndVia;
  readonly list?: 'row' | 'bulk';
  readonly reason?: EndReason;
  readonly actingFor?: 'end_user';
}

export const ends = (who: Actor, { via, list, reason, actingFor }: Asked = {}): ConversationCommand => ({
  type: 'requestEnd',
  by: who,
  via: via ?? (list ? 'list' : who.type === 'user' ? 'widget' : who.type === 'agent' ? 'window' : 'api'),
  list: list ?? null,
  reason: reason ?? null,
  actingFor: actingFor ?? null,
});

/** The business writes first; `live`: other sessions of this end user on this channel. */
export const begins = (who: Actor, live = 0): ConversationCommand => ({
  type: 'startSession',
  by: who,
  messageId: fresh<MessageId>(),
  userId: ann.userId as UserId,
  live,
});

/** A timer of this kind fires, the one that is armed or one that was. */
export const fires =
  (kind: SessionTimer, armed?: Told): Step =>
  (told) => {
    const { state, world } = armed ?? told;
    const wait = waitsOf(state, world).find((one) => one.kind === kind);
    return { type: 'timerDue', kind, subject: wait?.subject ?? 'gone' };
  };

const untilDue = (told: Told, kind: SessionTimer): number => told.dueIn(kind) ?? 0;

/** The same, at the moment it is due. */
export const whenDue = (told: Told, kind: SessionTimer): Told => told.later(untilDue(told, kind)).when(fires(kind));

/** A session that this agent has taken from the queue. */
export const handledBy = (agentId: AgentId, setting: Setting = {}): Told =>
  Told.of({ switchboard: humansFirst, ...setting }).given(writes(), ...takes(agentId));
