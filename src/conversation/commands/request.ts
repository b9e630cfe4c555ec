import type { ChannelId, ConversationId, Metadata, MetadataPatch, SessionId, UserId } from '../../kernel/index.js';
import type { Queued } from '../../ledger/index.js';
import type { ConversationCommand } from '../core/index.js';
import type { MessageBody } from '../recorded.js';

/**
 * A command of the core with what the shell stores beside its events: bodies, names, participants. The core never sees
 * them, so a decision cannot depend on them.
 */
export interface ConversationRequest extends Queued {
  /**
   * What the queue orders by: the conversation, except for one that is being opened, which queues behind its end user.
   * So two first contacts never share a group, and the second sees the first one's default conversation.
   */
  readonly conversationId: string;
  readonly target: ConversationId;
  readonly command: ConversationCommand;
  readonly opening: Opening | null;
  readonly draft: MessageDraft | null;
  readonly details: DetailsPatch | null;
  /** The end is meant for this session; the conversation may be in another one by now. */
  readonly sessionId: SessionId | null;
  /** The page where the survey that is asked for can be answered. */
  readonly surveyLink: string | null;
}

/** A conversation to be. */
export interface Opening {
  readonly type: 'personal' | 'sdkGroup';
  /** The end user of a personal conversation. */
  readonly userId: UserId | null;
  readonly participants: readonly UserId[];
  readonly displayName: string | null;
  readonly description: string | null;
  readonly iconUrl: string | null;
  readonly metadata: Metadata;
  /** The service channel; absent: the app's usual one. */
  readonly channelId?: ChannelId | null;
}

/** A message to be. Its id is in the command, its time comes with the decision. */
export interface MessageDraft {
  readonly author: Readonly<Record<string, unknown>> & { readonly type: 'user' | 'business' };
  readonly content: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly source: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly metadata: Metadata | null;
  /** The message that it answers, as it stands. */
  readonly quoted?: MessageBody;
}

/** Fields that are absent stay as they are; metadata merges key by key, `null` removes (`docs/wire.md` 1). */
export interface DetailsPatch {
  readonly displayName?: string | null;
  readonly description?: string | null;
  readonly iconUrl?: string | null;
  readonly metadata?: MetadataPatch | null;
}
