import type { NoteWords } from '../../configuration/index.js';
import type { MessageId, Millis } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { ControllerKind, World } from '../core/index.js';
import type { MessageBody, Recorded } from '../recorded.js';
import type { MessageDraft } from './request.js';
import { systemNote } from '../notes/system-notes.js';

const none: ReadonlyMap<MessageId, MessageBody> = new Map();

/** The messages that these events wrote, by id: the one of the command, and what the platform itself says. */
export function writtenMessages(
  recorded: readonly Recorded[],
  draft: MessageDraft | null,
  world: World,
  words: () => NoteWords,
): ReadonlyMap<MessageId, MessageBody> {
  let written: Map<MessageId, MessageBody> | null = null;
  for (const { event } of recorded) {
    const message = draft && isSpoken(event) ? spoken(event, draft, world.now) : systemNote(event, world, words);
    if (message) written = (written ?? new Map<MessageId, MessageBody>()).set(message.id, message);
  }
  return written ?? none;
}

type Spoken = Extract<Recorded['event'], { type: 'messageReceived' | 'messageSent' | SurveyMessage }> & {
  readonly messageId: MessageId;
};
type SurveyMessage = 'surveyPosted' | 'surveyAnswered';

const isSpoken = (event: Recorded['event']): event is Spoken =>
  event.type === 'messageReceived' ||
  event.type === 'messageSent' ||
  ((event.type === 'surveyPosted' || event.type === 'surveyAnswered') && event.messageId !== null);

const spoken = (event: Spoken, draft: MessageDraft, now: Millis): MessageBody =>
  messageBody(event.messageId, draft, event.type === 'messageSent' ? event.senderKind : null, now);

function messageBody(id: MessageId, draft: MessageDraft, kind: ControllerKind | null, now: Millis): MessageBody {
  const { content, source, metadata, quoted } = draft;
  const author = kind === null ? draft.author : writtenAs(draft.author, kind);
  const received = isoTime(now);
  return {
    id,
    received,
    author,
    content,
    source,
    ...(quoted !== undefined && { quotedMessage: { type: 'message', message: quoted } }),
    ...(metadata !== null && { metadata }),
  };
}

/**
 * What the switchboard knows of a sender is a field of its own: published clients refuse `subtypes` that they do not
 * know, and then cannot list the conversation any more.
 */
const writtenAs = (author: MessageDraft['author'], kind: ControllerKind): MessageDraft['author'] => ({
  ...author,
  kind,
});
