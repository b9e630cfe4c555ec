import type { Agent } from '../../agents/core/index.js';
import type { AppConfiguration } from '../../configuration/index.js';
import type { AgentId, AppId, ConversationId, UserId } from '../../kernel/index.js';
import type { ConversationState } from '../core/index.js';
import type { Held, KnownUser, Membership } from './held.store.js';

/** The one that an end user has in any case; where multi-conversations are off, the one they write in. */
export interface DefaultConversation {
  readonly id: ConversationId;
  readonly state: ConversationState;
}

/** What a group of commands was decided on: read under the locks, so nothing in it can be stale. */
export interface Loaded {
  readonly configurations: ReadonlyMap<AppId, AppConfiguration>;
  readonly held: ReadonlyMap<ConversationId, Held>;
  readonly users: ReadonlyMap<UserId, KnownUser>;
  /** The default conversations of end users, as far as they were asked for. */
  readonly defaults: ReadonlyMap<UserId, DefaultConversation>;
  /** Groups that somebody joins. */
  readonly memberships: ReadonlyMap<ConversationId, Membership>;
  /** Agents that these commands may concern, locked, by app. Later members of a group see what earlier ones changed. */
  readonly agents: ReadonlyMap<AppId, Map<AgentId, Agent>>;
  /** Live sessions of an end user on a channel, by the conversation that wants to begin one (T1). */
  readonly live: ReadonlyMap<ConversationId, number>;
  /** Whether the form that is to be answered has an answer, by conversation; without an entry there is no such form. */
  readonly forms: ReadonlyMap<ConversationId, boolean>;
  /** Messages that a removal would remove, by conversation. */
  readonly removals: ReadonlyMap<ConversationId, number>;
}
