import type { AppConfiguration } from '../../configuration/index.js';
import type { AppId, ConversationId, UserId } from '../../kernel/index.js';
import type { Held, KnownUser, Membership } from './held.store.js';

/** What a group of commands was decided on: read under the locks, so nothing in it can be stale. */
export interface Loaded {
  readonly configurations: ReadonlyMap<AppId, AppConfiguration>;
  readonly held: ReadonlyMap<ConversationId, Held>;
  readonly users: ReadonlyMap<UserId, KnownUser>;
  /** Users who have their default conversation. */
  readonly withDefault: ReadonlySet<UserId>;
  /** Groups that somebody joins. */
  readonly memberships: ReadonlyMap<ConversationId, Membership>;
  /** Messages that a removal would remove, by conversation. */
  readonly removals: ReadonlyMap<ConversationId, number>;
}
