import { updateRows, type RowWriter, type Written } from '../../ledger/index.js';
import type { ConversationEvent, Recorded, Settled } from '../../conversation/index.js';
import { isoTime } from '../../platform/clock/index.js';

/**
 * What decisions about conversations leave in the rows of surveys, in the same transaction: asked and answered exactly as
 * often as the conversation says, whatever happens to this process.
 */
export const surveyWriters: readonly RowWriter<Settled>[] = [
  {
    name: 'survey_posted',
    write(entries): Written | null {
      const rows = found(entries, 'surveyPosted').map(({ event, at }) => ({
        id: event.surveyId,
        // Without a message nothing was sent to anybody: there is a link to give to them.
        status: event.messageId === null ? 'offered' : 'sent',
        sent_at: event.messageId === null ? null : isoTime(at),
        expires_at: isoTime(event.closesAt),
        form_id: event.messageId,
      }));
      return rows.length === 0 ? null : { statement: posted(rows) };
    },
  },
  {
    name: 'survey_answered',
    write(entries): Written | null {
      const rows = found(entries, 'surveyAnswered').map(({ event, at, settled: { command } }) => ({
        id: event.surveyId,
        status: 'answered',
        answered_at: isoTime(at),
        answer_id: event.messageId,
        answered_by: event.by.type === 'user' ? event.by.userId : null,
        score: event.score,
        comment: command.type === 'answerSurvey' ? command.comment : null,
      }));
      return rows.length === 0 ? null : { statement: answered(rows) };
    },
  },
  {
    name: 'survey_form',
    write(entries): Written | null {
      const forms = found(entries, 'surveyAnswered').filter(({ event }) => event.formId !== null);
      if (forms.length === 0) return null;
      const values = [forms.map(({ settled }) => settled.conversationId), forms.map(({ event }) => event.formId)];
      return { statement: { name: 'write_survey_form', text: SUBMITTED, values } };
    },
  },
  {
    name: 'survey_removed',
    write(entries): Written | null {
      const removed = [
        ...found(entries, 'conversationRemoved').map(({ settled }) => ({ settled, messageId: null, whole: true })),
        ...found(entries, 'messagesRemoved').map(({ settled, event }) => ({
          settled,
          messageId: event.messageId,
          whole: false,
        })),
      ];
      if (removed.length === 0) return null;
      const values = [
        removed.map(({ settled }) => settled.conversationId),
        removed.map(({ messageId }) => messageId),
        removed.map(({ whole }) => whole),
      ];
      return { statement: { name: 'write_survey_removed', text: REMOVED, values } };
    },
  },
];

interface Found<Type extends ConversationEvent['type']> {
  readonly settled: Settled;
  readonly at: Recorded['at'];
  readonly event: Extract<ConversationEvent, { type: Type }>;
}

function found<Type extends ConversationEvent['type']>(
  entries: readonly Settled[],
  type: Type,
): readonly Found<Type>[] {
  return entries.flatMap((settled) =>
    settled.recorded.flatMap(({ event, at }) =>
      event.type === type ? [{ settled, at, event: event as Found<Type>['event'] }] : [],
    ),
  );
}

const posted = updateRows(
  'survey',
  { id: 'text', status: 'text', sent_at: 'timestamptz', expires_at: 'timestamptz', form_id: 'text' },
  { name: 'write_survey_posted' },
);

const answered = updateRows(
  'survey',
  {
    id: 'text',
    status: 'text',
    answered_at: 'timestamptz',
    answer_id: 'text',
    answered_by: 'text',
    score: 'int2',
    comment: 'text',
  },
  { name: 'write_survey_answered' },
);

/** A form that was answered by link is answered too (`docs/wire.md` 7: `submitted` is read only). */
const SUBMITTED = `
  UPDATE message m SET body = jsonb_set(m.body, '{content,submitted}', 'true')
  FROM unnest($1::text[], $2::text[]) AS n (conversation_id, id)
  WHERE m.conversation_id = n.conversation_id AND m.id = n.id`;

/** Words of the end user go with the message that carried them, and with the conversation; what was not asked stays so. */
const REMOVED = `
  UPDATE survey s
  SET comment = NULL,
      status = CASE WHEN n.whole AND s.status IN ('due', 'sent', 'offered') THEN 'suppressed' ELSE s.status END,
      suppressed_because = CASE WHEN n.whole AND s.status IN ('due', 'sent', 'offered') THEN 'conversation_removed'
                                ELSE s.suppressed_because END
  FROM unnest($1::text[], $2::text[], $3::boolean[]) AS n (conversation_id, message_id, whole)
  WHERE s.conversation_id = n.conversation_id
    AND (n.whole OR s.answer_id = n.message_id OR (n.message_id IS NULL AND s.answer_id IS NOT NULL))`;
