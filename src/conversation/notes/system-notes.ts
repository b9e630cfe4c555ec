import type { NoteWords } from '../../configuration/index.js';
import type { MessageId, Millis } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { ConversationEvent, EndActor, EndFacts, SwitchReason, World } from '../core/index.js';
import type { MessageBody } from '../recorded.js';

/** What the platform itself says in a conversation because of this event; `null`: nothing. */
export function systemNote(event: ConversationEvent, world: World, words: () => NoteWords): MessageBody | null {
  switch (event.type) {
    case 'endNoteWritten':
      return endNote(event.messageId, event.end, words(), world.now);
    case 'ticketNoteWritten':
      return ticketNote(event.messageId, event.reason, words(), world.now);
    case 'consentRequested':
      return note(event.messageId, words().consent, { type: 'conversation:consentRequested' }, world.now);
    case 'sessionReminded':
      return event.messageId === null ? null : reminder(event, event.messageId, world, words);
    case 'holderFailed':
      return event.messageId === null ? null : failOverNote(event.messageId, world);
    default:
      return null;
  }
}

function reminder(
  { kind, number }: Extract<ConversationEvent, { type: 'sessionReminded' }>,
  id: MessageId,
  { settings, now }: World,
  words: () => NoteWords,
): MessageBody {
  const own = kind === 'reminder' ? settings.reminders[number - 1]?.text : undefined;
  return note(id, own ?? words().stillThere, { type: `session:${kind}`, data: { number } }, now);
}

/** In the business' own words; only asked for where the switchboard has some. */
const failOverNote = (id: MessageId, { switchboard, now }: World): MessageBody =>
  note(id, switchboard?.failOverNote ?? '', { type: 'conversation:failedOver' }, now);

/** The last entry of the transcript: who ended it (`session-rows.md` E-20, `docs/wire.md` 7 on `activity`). */
function endNote(id: MessageId, { endedBy, reason }: EndFacts, words: NoteWords, now: Millis): MessageBody {
  const { activity, says } = END_NOTES[endedBy.type];
  return note(id, words[says], { type: activity, data: { reason } }, now);
}

function ticketNote(id: MessageId, reason: SwitchReason, words: NoteWords, now: Millis): MessageBody {
  const { activity, says } = TICKET_NOTES[reason];
  return note(id, words[says], { type: activity }, now);
}

const note = (
  id: MessageId,
  text: string,
  activity: NonNullable<MessageBody['activity']>,
  now: Millis,
): MessageBody => ({
  id,
  received: isoTime(now),
  author: { type: 'business', subtypes: ['activity'] },
  content: { type: 'text', text },
  source: { type: 'system' },
  activity,
});

interface Noted {
  readonly activity: string;
  readonly says: keyof NoteWords;
}

/** `conversation:endedByUser` is Sunshine Conversations' own; the others follow its form. */
const END_NOTES: Readonly<Record<EndActor, Noted>> = {
  end_user: { activity: 'conversation:endedByUser', says: 'endedByUser' },
  agent: { activity: 'conversation:endedByAgent', says: 'endedByAgent' },
  bot: { activity: 'conversation:endedByBot', says: 'endedByBot' },
  system: { activity: 'conversation:endedBySystem', says: 'ended' },
};

/** As Sunshine Conversations names them (`docs/wire.md` 7, 11). */
const TICKET_NOTES: Readonly<Record<SwitchReason, Noted>> = {
  ticketClosed: { activity: 'ticket:closed', says: 'ticketClosed' },
  transferToEmail: { activity: 'ticket:transfer:email', says: 'byEmail' },
};
