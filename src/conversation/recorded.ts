import type { Agent, AgentEvent } from '../agents/core/index.js';
import type { AppConfiguration } from '../configuration/index.js';
import type { AppId, ConversationId, EventId, IsoTime, MessageId, Metadata, Millis, UserId } from '../kernel/index.js';
import type { Decided } from '../ledger/index.js';
import type { Answer, ConversationCommand, ConversationEvent, ConversationState, World } from './core/index.js';

/** An event with its place: what goes to the event table, to webhooks and to NATS. */
export interface Recorded {
  readonly id: EventId;
  readonly seq: number;
  /** The epoch after this event. */
  readonly controlEpoch: number;
  readonly at: Millis;
  readonly event: ConversationEvent;
  /** The conversation right after this event; one decision may end a session and begin the next. */
  readonly after: ConversationState;
}

/**
 * A decided command with everything row writers render from. This is the door between the conversation and its
 * listeners: webhooks, announcements on NATS, timers and the session list read it inside the transaction.
 */
export interface Settled extends Decided {
  readonly appId: AppId;
  readonly conversationId: ConversationId;
  readonly command: ConversationCommand;
  readonly before: ConversationState;
  readonly after: ConversationState;
  readonly world: World;
  readonly configuration: AppConfiguration;
  /** Holders before the decision are in `before`, after it in `after`; the profile is as after. */
  readonly profile: ConversationProfile;
  /** The conversation whose place as the end user's default this one takes; `null`: it takes none. */
  readonly formerDefault: ConversationId | null;
  /** Users known to this decision: authors, the end user of a personal conversation where it was needed. */
  readonly users: ReadonlyMap<UserId, UserSnapshot>;
  /** Who takes part from this command on: it opened the conversation, or they joined. */
  readonly participants: readonly NewParticipant[];
  readonly recorded: readonly Recorded[];
  /** Messages written by this command, the end note included, by id. */
  readonly messages: ReadonlyMap<MessageId, MessageBody>;
  /** Agents whose work this decision changed, in the order it did; one agent may be there more than once. */
  readonly agents: readonly ChangedAgent[];
  /** Where the survey can be answered, when a `surveyPosted` is among the events. No event keeps it: whoever has it may answer. */
  readonly surveyLink: string | null;
  /** What the pressed button carried, when a `postbackReceived` is among the events. */
  readonly postback?: PostbackBody;
  readonly answer: SettledAnswer;
}

export interface ChangedAgent {
  readonly before: Agent;
  readonly after: Agent;
  readonly events: readonly AgentEvent[];
  /** The event of the conversation that caused it. */
  readonly causedBy: EventId;
}

export interface NewParticipant {
  readonly id: string;
  readonly userId: UserId;
}

export interface PostbackBody {
  readonly payload: string;
  readonly metadata?: Metadata;
  readonly source: Readonly<Record<string, unknown>> & { readonly type: string };
}

/** Plain JSON: it may be stored under an idempotency key and replayed. */
export interface SettledAnswer {
  readonly decision: Answer;
  readonly seq: number;
  readonly controlEpoch: number;
  /** The conversation or messages created, as the API returns them; `null` for the rest. */
  readonly created: unknown;
}

/** What the conversation row holds beside the core's state. */
export interface ConversationProfile {
  readonly type: 'personal' | 'sdkGroup';
  readonly userId: UserId | null;
  readonly isDefault: boolean;
  readonly displayName: string | null;
  readonly description: string | null;
  readonly iconUrl: string | null;
  readonly metadata: Metadata;
  readonly createdAt: IsoTime;
  readonly lastUpdatedAt: IsoTime;
  readonly businessLastRead: IsoTime | null;
}

/** A user as webhooks show it: truncated unless `includeFullUser` (`docs/wire.md` 7). */
export interface UserSnapshot {
  readonly id: UserId;
  readonly externalId: string | null;
  readonly authenticated: boolean;
  readonly signedUpAt: IsoTime;
  readonly profile: Readonly<Record<string, unknown>>;
  readonly metadata: Metadata;
  readonly identities: readonly Identity[];
}

/** What connects a user with somebody known elsewhere. */
export interface Identity {
  readonly type: 'email';
  readonly value: string;
  readonly verification: 'verified' | 'unverified';
}

/** A message as the API returns it (`docs/wire.md` 7). */
export interface MessageBody {
  readonly id: MessageId;
  readonly received: IsoTime;
  readonly author: Readonly<Record<string, unknown>> & { readonly type: 'user' | 'business' };
  readonly content: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly source: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly metadata?: Metadata;
  readonly activity?: { readonly type: string; readonly data?: unknown };
  readonly quotedMessage?: { readonly type: 'message'; readonly message: MessageBody };
}
