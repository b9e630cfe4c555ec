import type { MessageId, Millis } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { ControllerKind, EndActor, EndFacts } from '../core/index.js';
import type { MessageBody, Recorded } from '../recorded.js';
import type { MessageDraft } from './request.js';

const none: ReadonlyMap<MessageId, MessageBody> = new Map();

/** The messages that these events wrote, by id: the one of the command, and the note of an end. */
export function writtenMessages(
  recorded: readonly Recorded[],
  draft: MessageDraft | null,
  now: Millis,
): ReadonlyMap<MessageId, MessageBody> {
  let written: Map<MessageId, MessageBody> | null = null;
  for (const { event } of recorded) {
    if ((event.type === 'messageReceived' || event.type === 'messageSent') && draft) {
      const kind = event.type === 'messageSent' ? event.senderKind : null;
      written = (written ?? new Map()).set(event.messageId, messageBody(event.messageId, draft, kind, now));
    } else if (event.type === 'endNoteWritten') {
      written = (written ?? new Map()).set(event.messageId, endNote(event.messageId, event.end, now));
    }
  }
  return written ?? none;
}

function messageBody(id: MessageId, draft: MessageDraft, kind: ControllerKind | null, now: Millis): MessageBody {
  const { content, source, metadata } = draft;
  const author = kind === null ? draft.author : writtenAs(draft.author, kind);
  const received = isoTime(now);
  return metadata === null
    ? { id, received, author, content, source }
    : { id, received, author, content, source, metadata };
}

/** What the switchboard says of a sender stands in front of what they say of themselves (`sunco.md` 7). */
function writtenAs(author: MessageDraft['author'], kind: ControllerKind): MessageDraft['author'] {
  const claimed = (author['subtypes'] ?? []) as readonly string[];
  return { ...author, subtypes: [kind, ...claimed.filter((subtype) => subtype !== kind)] };
}

/** The last entry of the transcript: who ended it (`sessions.md` E-20, `sunco.md` 7 on `activity`). */
function endNote(id: MessageId, { endedBy, reason }: EndFacts, now: Millis): MessageBody {
  const { activity, text } = NOTES[endedBy.type];
  return {
    id,
    received: isoTime(now),
    author: { type: 'business', subtypes: ['activity'] },
    content: { type: 'text', text },
    source: { type: 'system' },
    activity: { type: activity, data: { reason } },
  };
}

/** `conversation:endedByUser` is Sunshine Conversations' own; the others follow its form. */
const NOTES: Readonly<Record<EndActor, { readonly activity: string; readonly text: string }>> = {
  end_user: { activity: 'conversation:endedByUser', text: 'The conversation was ended by the user.' },
  agent: { activity: 'conversation:endedByAgent', text: 'The conversation was ended by an agent.' },
  bot: { activity: 'conversation:endedByBot', text: 'The conversation was ended by the bot.' },
  system: { activity: 'conversation:endedBySystem', text: 'The conversation was ended.' },
};
