import type { IsoTime, Millis } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { AskedSurvey, ConversationState, Session, SurveyScale } from '../core/index.js';
import type { MessageBody } from '../recorded.js';
import type { ConversationView, SessionView } from '../views.js';

/**
 * What an end user sees: these fields and no others, so that nothing which is added for the business is shown to them
 * by accident. Who holds control, its epoch, agents and queues are none of their business; metadata only where the app
 * says so (`metadataToEndUsers`).
 */
export interface ClientConversationView extends Pick<
  ConversationView,
  | 'id'
  | 'type'
  | 'isDefault'
  | 'displayName'
  | 'description'
  | 'iconUrl'
  | 'businessLastRead'
  | 'lastUpdatedAt'
  | 'createdAt'
  | 'canReply'
  | 'newConversationAllowed'
> {
  readonly metadata?: ConversationView['metadata'];
  /** The last session, live or over; absent before the first. */
  readonly session?: Pick<Session, 'id' | 'status'> | ClientSessionView;
}

export interface ClientSessionView extends Pick<SessionView, 'id' | 'status' | 'startedAt'> {
  readonly endRequestedAt?: IsoTime;
  readonly endedAt?: IsoTime;
  readonly endedBy?: { readonly type: string };
  readonly endReason?: string;
}

/** A survey that can be answered: by its form in the conversation, or on the page. */
export interface ClientSurveyView {
  readonly id: string;
  readonly sessionId: string;
  readonly scale: SurveyScale;
  /** `null`: no message of the conversation asks. */
  readonly messageId: string | null;
  readonly closesAt: IsoTime;
  readonly link: string;
}

export interface Shown {
  readonly metadataToEndUsers: boolean;
}

export function clientConversation(view: ConversationView, { metadataToEndUsers }: Shown): ClientConversationView {
  const { displayName, description, iconUrl, businessLastRead, session } = view;
  return {
    id: view.id,
    type: view.type,
    isDefault: view.isDefault,
    ...(metadataToEndUsers && { metadata: view.metadata }),
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(iconUrl !== undefined && { iconUrl }),
    ...(businessLastRead !== undefined && { businessLastRead }),
    lastUpdatedAt: view.lastUpdatedAt,
    createdAt: view.createdAt,
    ...(session && { session: { id: session.id, status: session.status } as Pick<Session, 'id' | 'status'> }),
    canReply: view.canReply,
    newConversationAllowed: view.newConversationAllowed,
  };
}

export function clientSession(view: SessionView): ClientSessionView {
  const { endRequestedAt, endedAt, endReason } = view;
  const endedBy = view.endedBy as { readonly type: string } | undefined;
  return {
    id: view.id,
    status: view.status,
    startedAt: view.startedAt,
    ...(endRequestedAt !== undefined && { endRequestedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(endedBy !== undefined && { endedBy: { type: endedBy.type } }),
    ...(endReason !== undefined && { endReason }),
  };
}

export function openSurveys(
  { surveys = [] }: ConversationState,
  now: Millis,
  linkTo: (surveyId: string, expiresAt: Millis) => string,
): readonly ClientSurveyView[] {
  const isOpen = ({ answered, closesAt }: AskedSurvey): boolean => !answered && now < closesAt;
  return surveys.filter(isOpen).map(({ surveyId, sessionId, scale, formId, closesAt }) => ({
    id: surveyId,
    sessionId,
    scale,
    messageId: formId,
    closesAt: isoTime(closesAt),
    link: linkTo(surveyId, closesAt),
  }));
}

export interface ClientMessageView extends Pick<MessageBody, 'id' | 'received' | 'activity'> {
  readonly author: object;
  readonly content: object;
  readonly source: { readonly type: string };
  readonly metadata?: MessageBody['metadata'];
  readonly quotedMessage?: { readonly type: 'message'; readonly message: ClientMessageView };
  /** Of one that is quoted: it is gone, and its words with it. */
  readonly deleted?: true;
}

/** A message, and any it quotes, without what the business or its programs wrote beside the words. */
export function clientMessage(
  message: MessageBody & { readonly deleted?: true },
  { metadataToEndUsers }: Shown,
): ClientMessageView {
  const { id, received, author, content, source, activity, quotedMessage, metadata, deleted } = message;
  const shown = <T>(value: T): T => (metadataToEndUsers ? value : (withoutMetadata(value) as T));
  return {
    id,
    received,
    author: picked(author, AUTHOR),
    content: shown(content),
    source: { type: source.type },
    ...(metadataToEndUsers && metadata !== undefined && { metadata }),
    ...(activity !== undefined && { activity }),
    ...(quotedMessage !== undefined && {
      quotedMessage: {
        type: 'message' as const,
        message: clientMessage(quotedMessage.message, { metadataToEndUsers }),
      },
    }),
    ...(deleted !== undefined && { deleted }),
  };
}

const AUTHOR = ['type', 'userId', 'displayName', 'avatarUrl', 'subtypes', 'kind'] as const;

const picked = (value: Readonly<Record<string, unknown>>, names: readonly string[]): object =>
  Object.fromEntries(names.filter((name) => value[name] !== undefined).map((name) => [name, value[name]]));

/** Actions and items have metadata too, at any depth. */
function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'metadata');
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutMetadata(inner)]));
}
