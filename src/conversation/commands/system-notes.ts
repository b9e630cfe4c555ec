import type { MessageId, Millis } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { ConversationEvent, EndActor, EndFacts, SwitchReason, World } from '../core/index.js';
import type { MessageBody } from '../recorded.js';

/** What the platform itself says in a conversation because of this event; `null`: nothing. */
export function systemNote(event: ConversationEvent, world: World): MessageBody | null {
  switch (event.type) {
    case 'endNoteWritten':
      return endNote(event.messageId, event.end, world.now);
    case 'ticketNoteWritten':
      return note(event.messageId, ...TICKET_NOTES[event.reason], world.now);
    case 'consentRequested':
      return note(event.messageId, CONSENT, { type: 'conversation:consentRequested' }, world.now);
    case 'sessionReminded':
      return event.messageId === null ? null : reminder(event, event.messageId, world);
    case 'holderFailed':
      return event.messageId === null ? null : failOverNote(event.messageId, world);
    default:
      return null;
  }
}

const CONSENT = 'May we write to you here? Please answer yes or no.';
const WARNING = 'Are you still there? The conversation will be closed or set aside soon.';

function reminder(
  { kind, number }: Extract<ConversationEvent, { type: 'sessionReminded' }>,
  id: MessageId,
  { settings, now }: World,
): MessageBody {
  const text = kind === 'reminder' ? (settings.reminders[number - 1]?.text ?? WARNING) : WARNING;
  return note(id, text, { type: `session:${kind}`, data: { number } }, now);
}

/** In the business' own words; only asked for where the switchboard has some. */
const failOverNote = (id: MessageId, { switchboard, now }: World): MessageBody =>
  note(id, switchboard?.failOverNote ?? '', { type: 'conversation:failedOver' }, now);

/** The last entry of the transcript: who ended it (`sessions.md` E-20, `sunco.md` 7 on `activity`). */
function endNote(id: MessageId, { endedBy, reason }: EndFacts, now: Millis): MessageBody {
  const { activity, text } = NOTES[endedBy.type];
  return note(id, text, { type: activity, data: { reason } }, now);
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

/** `conversation:endedByUser` is Sunshine Conversations' own; the others follow its form. */
const NOTES: Readonly<Record<EndActor, { readonly activity: string; readonly text: string }>> = {
  end_user: { activity: 'conversation:endedByUser', text: 'The conversation was ended by the user.' },
  agent: { activity: 'conversation:endedByAgent', text: 'The conversation was ended by an agent.' },
  bot: { activity: 'conversation:endedByBot', text: 'The conversation was ended by the bot.' },
  system: { activity: 'conversation:endedBySystem', text: 'The conversation was ended.' },
};

/** As Sunshine Conversations names them (`sunco.md` 7, 11). */
const TICKET_NOTES: Readonly<Record<SwitchReason, readonly [string, NonNullable<MessageBody['activity']>]>> = {
  ticketClosed: ['The request was closed.', { type: 'ticket:closed' }],
  transferToEmail: ['The conversation goes on by e-mail.', { type: 'ticket:transfer:email' }],
};
