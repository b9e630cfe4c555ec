import { partitionOf } from '../kernel/index.js';
import type { Settled } from '../conversation/index.js';
import type { RowWriter, Written } from '../ledger/index.js';

/** Messages that a command removed: one, all, or all with their conversation. */
interface Removed {
  readonly conversationId: string;
  readonly messageId: string | null;
  readonly whole: boolean;
}

/**
 * What was removed is removed from its copies too, in the same transaction: webhooks that have not heard of it yet hear
 * it in its place, without its words, and so does whoever reads a dead letter or repeats a call. With a conversation go
 * also the names of those who wrote in it. Written before the deliveries of the same commands.
 */
export const erasedWords: RowWriter<Settled> = {
  name: 'erased_words',
  write(entries): Written | null {
    const removed = entries.flatMap(removedBy);
    if (removed.length === 0) return null;
    const values = [
      removed.map(({ conversationId }) => conversationId),
      removed.map(({ conversationId }) => partitionOf(conversationId)),
      removed.map(({ messageId }) => messageId),
      removed.map(({ whole }) => whole),
    ];
    return { statement: { name: 'write_erased_words', text: ERASE, values } };
  },
};

const removedBy = ({ conversationId, recorded }: Settled): readonly Removed[] =>
  recorded.flatMap(({ event }): readonly Removed[] => {
    if (event.type === 'conversationRemoved') return [{ conversationId, messageId: null, whole: true }];
    if (event.type !== 'messagesRemoved') return [];
    return [{ conversationId, messageId: event.messageId, whole: false }];
  });

const ERASE = `
  WITH removed AS (
    SELECT * FROM unnest($1::text[], $2::smallint[], $3::text[], $4::boolean[])
         AS r (conversation_id, partition, message_id, whole)),
  kept AS (
    SELECT d.id, d.body::jsonb AS body, r.message_id, r.whole FROM removed r
    JOIN delivery d ON d.partition = r.partition AND d.lane = r.conversation_id AND d.done_at IS NULL
    UNION ALL
    SELECT d.id, d.body::jsonb, r.message_id, r.whole FROM removed r
    JOIN delivery d ON d.lane = r.conversation_id AND d.done_at IS NOT NULL),
  told AS (
    SELECT id, body, body #> '{events,0,payload}' AS payload, body #> '{events,0,payload,message}' AS message,
           CASE WHEN NOT whole THEN message_id END AS message_id, whole
    FROM kept
    WHERE body #> '{events,0,payload}' IS NOT NULL
      AND (whole OR body #>> '{events,0,payload,message,id}' = message_id
           OR body #>> '{events,0,payload,message,quotedMessage,message,id}' = message_id
           OR (message_id IS NULL AND body #> '{events,0,payload,message}' IS NOT NULL))),
  worded AS (
    SELECT id, body, whole,
           CASE WHEN message IS NULL THEN payload
                WHEN message ->> 'id' <> message_id
                THEN jsonb_set(payload, '{message,quotedMessage,message}',
                               without_words(message #> '{quotedMessage,message}'))
                ELSE payload || jsonb_build_object('message', without_words(message)) END AS payload
    FROM told),
  deliveries AS (
    UPDATE delivery d
    SET body = jsonb_set(w.body, '{events,0,payload}',
                         CASE WHEN w.whole THEN without_person(w.payload, NULL, true) ELSE w.payload END)::text
    FROM worded w WHERE d.id = w.id),
  stored AS (
    SELECT i.key, s.json, r.message_id, r.whole FROM removed r
    JOIN idempotency i ON i.about = r.conversation_id
    CROSS JOIN LATERAL (SELECT convert_from(substr(i.answer, 2), 'UTF8')::jsonb AS json
                        WHERE get_byte(i.answer, 0) = 0) s
    WHERE jsonb_typeof(s.json #> '{answer,created}') = 'array'),
  answers AS (
    UPDATE idempotency i SET answer = '\\x00'::bytea || convert_to(jsonb_set(s.json, '{answer,created}', (
        SELECT coalesce(jsonb_agg(CASE WHEN s.whole THEN without_author(without_words(m), NULL, true)
                              WHEN s.message_id IS NULL OR m ->> 'id' = s.message_id THEN without_words(m)
                              WHEN m #>> '{quotedMessage,message,id}' = s.message_id
                              THEN jsonb_set(m, '{quotedMessage,message}',
                                             without_words(m #> '{quotedMessage,message}'))
                              ELSE m END ORDER BY place), '[]')
        FROM jsonb_array_elements(s.json #> '{answer,created}') WITH ORDINALITY AS e (m, place)))::text, 'UTF8')
    FROM stored s WHERE i.key = s.key)
  UPDATE work_item w SET notes = NULL, draft = NULL
  FROM removed r JOIN session s ON s.conversation_id = r.conversation_id
  WHERE r.whole AND w.session_id = s.id AND (w.notes IS NOT NULL OR w.draft IS NOT NULL)`;
