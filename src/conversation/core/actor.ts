import type { AgentId, IntegrationId, KeyId, UserId } from '../../kernel/index.js';

/** Who asks. The shell proves it (key or token) before the command is made. */
export type Actor =
  /** An app or account key: may act for anybody. */
  | { readonly type: 'app'; readonly keyId: KeyId }
  /** An integration's key; it may or may not be linked to the switchboard. */
  | { readonly type: 'integration'; readonly integrationId: IntegrationId; readonly keyId: KeyId }
  /** The end user, by token. */
  | { readonly type: 'user'; readonly userId: UserId }
  /** A human agent, by a token of their own. */
  | { readonly type: 'agent'; readonly agentId: AgentId; readonly keyId: KeyId }
  /** A timer or the platform itself. */
  | { readonly type: 'system' };

/** Reason of a pass or release, as Sunshine Conversations names it (`docs/wire.md` 6.3). */
export type SwitchReason = 'ticketClosed' | 'transferToEmail';

/** `sessionEnded` is ours: the release comes with the end of the session. */
export type ReleaseReason = SwitchReason | 'sessionEnded';
