import { Injectable } from '@nestjs/common';
import type { AgentId, AppId, ConversationId, MessageId, SessionId, UserId } from '../../kernel/index.js';
import { Ledger, type IdempotencyKey } from '../../ledger/index.js';
import { newId } from '../../platform/ids.js';
import type {
  Actor,
  AnswerSurvey,
  ConversationCommand,
  JoinConversation,
  PostSurvey,
  RequestEnd,
} from '../core/index.js';
import type { Settled, SettledAnswer } from '../recorded.js';
import type { ConversationRequest, DetailsPatch, MessageDraft, Opening } from './request.js';
import { standingOf } from './standing.js';

/** Where a command goes, who gives it, and under which key it may be repeated. */
export interface Errand {
  readonly appId: AppId;
  readonly conversationId: ConversationId;
  readonly by: Actor;
  readonly idempotency: IdempotencyKey | null;
}

/** Commands that carry no more than the core decides on. */
type Plain = Exclude<
  ConversationCommand,
  {
    type:
      | 'startConversation'
      | 'receiveMessage'
      | 'sendMessage'
      | 'changeDetails'
      | 'joinConversation'
      | 'requestEnd'
      | 'startSession'
      | 'postSurvey'
      | 'answerSurvey';
  }
>;

type Survey = Omit<PostSurvey, 'type' | 'messageId'>;
type Rating = Omit<AnswerSurvey, 'type' | 'by' | 'messageId'>;

/** How a session is ended; what is not said is as the caller's kind has it. */
export interface HowEnded {
  readonly via: RequestEnd['via'];
  readonly list?: RequestEnd['list'];
  readonly reason?: RequestEnd['reason'];
  readonly actingFor?: RequestEnd['actingFor'];
}

/**
 * Every way to change a conversation. Answers once the change is committed; a refusal by the core is in the answer
 * (`refusals.ts` makes it a `Failure`), a missing subject or a full queue rejects with a `Failure`.
 */
@Injectable()
export class ConversationCommands {
  constructor(private readonly ledger: Ledger<ConversationRequest, Settled>) {}

  open(appId: AppId, by: Actor, opening: Opening, idempotency: IdempotencyKey | null): Promise<SettledAnswer> {
    const target = newId<ConversationId>();
    return this.ledger.submit({
      ...EMPTY,
      conversationId: opening.userId ?? target,
      appId,
      ...standingOf(by, 'startConversation'),
      bytes: ROW_BYTES + JSON.stringify(opening).length,
      idempotency,
      target,
      command: { type: 'startConversation', by, channelId: opening.channelId ?? null },
      opening,
    });
  }

  /** A message whose author is an end user. */
  receive(errand: Errand, userId: UserId, draft: MessageDraft): Promise<SettledAnswer> {
    return this.write(errand, { type: 'receiveMessage', by: errand.by, userId, messageId: newId<MessageId>() }, draft);
  }

  /** The same, and it answers a form of this conversation; `not_found` when that is gone. */
  answerForm(errand: Errand, userId: UserId, formId: MessageId, draft: MessageDraft): Promise<SettledAnswer> {
    const form = { messageId: formId, submitted: false };
    const messageId = newId<MessageId>();
    return this.write(errand, { type: 'receiveMessage', by: errand.by, userId, messageId, form }, draft);
  }

  /** A message of the business; `controlEpoch` fences it when given. */
  send(errand: Errand, controlEpoch: number | null, draft: MessageDraft): Promise<SettledAnswer> {
    return this.write(
      errand,
      { type: 'sendMessage', by: errand.by, messageId: newId<MessageId>(), controlEpoch },
      draft,
    );
  }

  change(errand: Errand, details: DetailsPatch): Promise<SettledAnswer> {
    const bytes = ROW_BYTES + JSON.stringify(details).length;
    return this.ledger.submit({ ...request(errand, { type: 'changeDetails', by: errand.by }, bytes), details });
  }

  /** A user comes into a group; the answer's `created` is the participant, also when they were one before. */
  join(errand: Errand, userId: UserId): Promise<SettledAnswer> {
    const unread = { participants: 0, takesPart: false };
    return this.run(errand, { type: 'joinConversation', by: errand.by, userId, ...unread });
  }

  /** Ends the session; with an id, only that one: when it is over the answer is a repeat. */
  end(errand: Errand, sessionId: SessionId | null, how: HowEnded): Promise<SettledAnswer> {
    const { via, list = null, reason = null, actingFor = null } = how;
    const command: RequestEnd = { type: 'requestEnd', by: errand.by, via, list, reason, actingFor };
    return this.ledger.submit({ ...request(errand, command, 2 * ROW_BYTES), sessionId });
  }

  /** The business writes first: a session begins with its message (`session-rows.md` T1). */
  start(errand: Errand, userId: UserId | null, draft: MessageDraft): Promise<SettledAnswer> {
    const messageId = newId<MessageId>();
    return this.write(errand, { type: 'startSession', by: errand.by, userId, messageId, live: 0 }, draft);
  }

  /** Asks for a rating: `draft` in the conversation, where it fits, and `link` wherever it is shown. Repeats ask nothing. */
  postSurvey(errand: Errand, survey: Survey, draft: MessageDraft, link: string): Promise<SettledAnswer> {
    const command = { type: 'postSurvey', ...survey, messageId: newId<MessageId>() } as const;
    return this.ledger.submit({ ...request(errand, command, bytesOf(draft)), draft, surveyLink: link });
  }

  /** Rates; without a draft by link, which leaves no message. */
  answerSurvey(errand: Errand, answer: Rating, draft: MessageDraft | null): Promise<SettledAnswer> {
    const messageId = draft === null ? null : newId<MessageId>();
    return this.write(errand, { type: 'answerSurvey', by: errand.by, ...answer, messageId }, draft);
  }

  /** An agent is gone from this session's point of view (M-11, M-12); a repeat changes nothing. */
  detachAgent(errand: Errand, agentId: AgentId): Promise<SettledAnswer> {
    return this.run(errand, { type: 'detachAgent', agentId, workItemId: null, why: 'agent_offline' });
  }

  /** The same command meant for one session: in another one it is a no-op. */
  runIn(errand: Errand, sessionId: SessionId, command: Plain): Promise<SettledAnswer> {
    return this.ledger.submit({ ...request(errand, command, ROW_BYTES), sessionId });
  }

  run(errand: Errand, command: Plain | JoinConversation): Promise<SettledAnswer> {
    const metadata = 'metadata' in command && command.metadata !== null ? JSON.stringify(command.metadata).length : 0;
    return this.ledger.submit(request(errand, command, ROW_BYTES + 3 * metadata));
  }

  private write(errand: Errand, command: ConversationCommand, draft: MessageDraft | null): Promise<SettledAnswer> {
    return this.ledger.submit({ ...request(errand, command, bytesOf(draft)), draft });
  }
}

/** About what state, event and outbox rows of one command take. */
const ROW_BYTES = 2_000;

const bytesOf = (draft: MessageDraft | null): number =>
  ROW_BYTES + 2 * JSON.stringify([draft?.content, draft?.quoted]).length;

const EMPTY = { opening: null, draft: null, details: null, sessionId: null, surveyLink: null } as const;

const request = (errand: Errand, command: ConversationCommand, bytes: number): ConversationRequest => ({
  ...EMPTY,
  conversationId: errand.conversationId,
  appId: errand.appId,
  ...standingOf(errand.by, command.type),
  bytes,
  idempotency: errand.idempotency,
  target: errand.conversationId,
  command,
});
