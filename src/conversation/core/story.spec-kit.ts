import type {
  IntegrationId,
  KeyId,
  MessageId,
  SessionId,
  SwitchboardId,
  UserId,
  WorkItemId,
} from '../../kernel/index.js';
import { decide, evolve, holderOf, initialState, pendingOf, usualChannel } from './index.js';
import type {
  Actor,
  ConversationCommand,
  ConversationEvent,
  ConversationState,
  Decision,
  Refusal,
  Settings,
  Switchboard,
  SwitchboardIntegration,
  World,
} from './index.js';

/** The cast: a bot in front, a human desk behind it, a bot for surveys, and a key nobody linked. */
const hex = (n: number): string => n.toString(16).padStart(24, '0');

const linked = (n: number, name: string, more: Partial<SwitchboardIntegration>): SwitchboardIntegration => ({
  id: hex(n) as SwitchboardIntegration['id'],
  name,
  integrationId: hex(n + 0x100) as IntegrationId,
  integrationType: 'custom',
  kind: 'bot',
  deliverStandbyEvents: true,
  nextId: null,
  deadlines: { holderSeconds: 30, replySeconds: null, replyAction: 'warn' },
  ...more,
});

export const desk = linked(2, 'desk', { kind: 'agent', integrationType: 'zd:helpDesk' });
export const faq = linked(1, 'faq', { nextId: desk.id });
export const survey = linked(3, 'survey', {});
/** Our own human side: what is passed to it waits in its queue. */
export const floor = linked(4, 'floor', { kind: 'agent', integrationType: 'agentWorkspace' });
export const cast = [faq, desk, survey];

export const app: Actor = { type: 'app', keyId: 'app_000000000000000000000001' as KeyId };
export const system: Actor = { type: 'system' };
export const ann: Actor & { type: 'user' } = { type: 'user', userId: hex(0x50) as UserId };
export const stranger: Actor = {
  type: 'integration',
  integrationId: hex(0x999) as IntegrationId,
  keyId: 'int_000000000000000000000999' as KeyId,
};
export const keyOf = (one: SwitchboardIntegration): Actor => ({
  type: 'integration',
  integrationId: one.integrationId,
  keyId: `int_${one.id}` as KeyId,
});

export const usual: Settings = {
  multiConvoEnabled: true,
  endSessionEnabled: true,
  disableConversationReopen: true,
  reopenWithinSeconds: null,
  agentsCanEnd: true,
  chatEnabled: true,
  agentLayout: { sessionPanel: true, hideCustomerInactive: false },
  onEnd: {
    end_user: { mode: 'release' },
    agent: { mode: 'release' },
    bot: { mode: 'release' },
    system: { mode: 'release' },
  },
  endingMaxSeconds: 900,
  endNoteToEndUser: true,
  inactiveEndSeconds: 86_400,
  allowEndInactive: false,
  botIdleSeconds: 7_200,
  endUserTokenSeconds: null,
  idle: {
    customer: { warnSeconds: null, actSeconds: null, action: { do: 'end' } },
    agent: { warnSeconds: null, actSeconds: null, action: { do: 'end' } },
  },
  reminders: [],
  logoutEndsSessions: 'always',
};

export const board = (change: Partial<Switchboard> = {}): Switchboard => ({
  id: hex(9) as SwitchboardId,
  enabled: true,
  defaultId: faq.id,
  enforcement: 'strict',
  offerExpirySeconds: null,
  failOverNote: 'One moment please.',
  partingSeconds: 10,
  outsiders: 'allow',
  handOffLimit: 20,
  integrations: cast,
  former: [],
  ...change,
});

export const passedTo = (to: string): Settings['onEnd'] => ({ ...usual.onEnd, end_user: { mode: 'pass', to } });

const nameOf = (id: string | null): string => cast.find((one) => one.id === id)?.name ?? 'nobody';

/** Commands, with what a story does not care about filled in. */
let made = 0;
const fresh = <T extends string>(): T => hex(0x10000 + ++made) as T;
export const start = (by: Actor = app): ConversationCommand => ({ type: 'startConversation', by, channelId: null });
export const writes = (by: Actor = ann): ConversationCommand => ({
  type: 'receiveMessage',
  by,
  userId: ann.userId,
  messageId: fresh<MessageId>(),
});
export const says = (by: Actor, controlEpoch: number | null = null): ConversationCommand => ({
  type: 'sendMessage',
  by,
  messageId: fresh<MessageId>(),
  controlEpoch,
});
/** The business writes first, where it may. */
export const begins = (by: Actor): ConversationCommand => ({
  type: 'startSession',
  by,
  userId: ann.userId,
  messageId: fresh<MessageId>(),
  live: 0,
});
export const pass = (by: Actor, target: string): ConversationCommand => ({
  type: 'passControl',
  by,
  target,
  metadata: { ticket: 7 },
  reason: null,
});
export const offer = (by: Actor, target: string, expiresInSeconds: number | null = null): ConversationCommand => ({
  type: 'offerControl',
  by,
  target,
  metadata: { ticket: 7 },
  expiresInSeconds,
});
/** The holder, or with an epoch of before, whoever held control then, is dead. */
export const dies = (story: Story, behind = 0): ConversationCommand => ({
  type: 'failOver',
  holder: holderOf(story.state.control) ?? faq.id,
  why: 'undeliverable',
  controlEpoch: story.state.controlEpoch - behind,
});
export const inviteeDies = (story: Story): ConversationCommand => ({
  type: 'failOffer',
  pending: pendingOf(story.state.control) ?? desk.id,
  offerSeq: story.offerSeq,
});
export const accepts = (by: Actor): ConversationCommand => ({ type: 'acceptControl', by, metadata: null });
export const declines = (by: Actor): ConversationCommand => ({ type: 'declineControl', by, metadata: null });
export const release = (by: Actor): ConversationCommand => ({
  type: 'releaseControl',
  by,
  metadata: { done: true },
  reason: 'ticketClosed',
});
export const ends = (by: Actor): ConversationCommand => ({
  type: 'requestEnd',
  by,
  via: by.type === 'user' ? 'widget' : 'api',
  list: null,
  reason: null,
  actingFor: null,
});

const ids = (): World['ids'] => ({
  session: fresh<SessionId>(),
  note: fresh<MessageId>(),
  notice: fresh<MessageId>(),
  workItem: fresh<WorkItemId>(),
});

/** One conversation told command by command. Immutable: every step is a new story. */
export class Story {
  private constructor(
    readonly state: ConversationState,
    readonly world: World,
    readonly decision: Decision,
    /** Every event since the beginning, with the time it happened. */
    readonly log: readonly { readonly event: ConversationEvent; readonly at: number }[],
  ) {}

  static of(switchboard: Switchboard | null = board(), settings: Partial<Settings> = {}): Story {
    const world: World = {
      now: 1_000_000,
      ids: ids(),
      switchboard,
      settings: { ...usual, ...settings },
      channel: { ...usualChannel, can: { ...usualChannel.can, businessStart: true } },
      queues: [],
      agents: new Map(),
    };
    return new Story(initialState, world, { events: [], answer: { ok: true } }, []);
  }

  /** Commands that went well on the way to the point of the story. */
  given(...commands: readonly ConversationCommand[]): Story {
    return commands.reduce<Story>((story, command) => {
      const next = story.when(command);
      if (!next.decision.answer.ok) throw new Error(`${command.type} was refused: ${next.refusal?.reason}`);
      return next;
    }, this);
  }

  when(command: ConversationCommand): Story {
    const world = { ...this.world, ids: ids() };
    const decision = decide(this.state, command, world);
    const state = decision.events.reduce((folded, event) => evolve(folded, event, world.now), this.state);
    const log = [...this.log, ...decision.events.map((event) => ({ event, at: world.now }))];
    return new Story(state, world, decision, log);
  }

  later(seconds: number): Story {
    return new Story(this.state, { ...this.world, now: this.world.now + seconds * 1000 }, this.decision, this.log);
  }

  configured(switchboard: Switchboard | null, settings: Partial<Settings> = {}): Story {
    const world = { ...this.world, switchboard, settings: { ...this.world.settings, ...settings } };
    return new Story(this.state, world, this.decision, this.log);
  }

  /** What the last command did. */
  get happened(): readonly ConversationEvent['type'][] {
    return this.decision.events.map(({ type }) => type);
  }

  get refusal(): Refusal | null {
    return this.decision.answer.ok ? null : this.decision.answer.refusal;
  }

  /** `faq`, `faq > desk` while it is offered, or `nobody`. */
  get control(): string {
    const pending = pendingOf(this.state.control);
    return nameOf(holderOf(this.state.control)) + (pending === null ? '' : ` > ${nameOf(pending)}`);
  }

  get offerSeq(): number {
    return this.state.control.status === 'pending' ? this.state.control.offer.seq : 0;
  }
}
