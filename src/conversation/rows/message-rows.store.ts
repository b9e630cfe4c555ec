import { insertRows, type RowWriter, type Written } from '../../ledger/index.js';
import type { MessageBody, Settled } from '../recorded.js';

/** Bodies of messages; id, time and place stand in columns. */
export const messageRows: RowWriter<Settled> = {
  name: 'message',
  write(entries): Written | null {
    const rows = entries.flatMap(rowsOf);
    return rows.length === 0 ? null : { statement: insert(rows) };
  },
};

const insert = insertRows(
  'message',
  {
    conversation_id: 'text',
    seq: 'int8',
    id: 'text',
    received_at: 'timestamptz',
    author_type: 'text',
    body: 'jsonb',
    app_id: 'text',
  },
  { name: 'write_message' },
);

function rowsOf({ appId, conversationId, recorded, messages }: Settled) {
  if (messages.size === 0) return [];
  return recorded.flatMap(({ seq, event }) => {
    const message = 'messageId' in event && event.messageId !== null ? messages.get(event.messageId) : undefined;
    if (!message) return [];
    const { id, received, author } = message;
    return [
      {
        conversation_id: conversationId,
        seq,
        id,
        received_at: received,
        author_type: author.type,
        body: bodyOf(message),
        app_id: appId,
      },
    ];
  });
}

const bodyOf = ({ author, content, source, metadata, activity, quotedMessage }: MessageBody) => ({
  author,
  content,
  source,
  metadata,
  activity,
  quotedMessage,
});

/** A form that was answered says so from now on. */
export const answeredFormRows: RowWriter<Settled> = {
  name: 'form_answered',
  write(entries): Written | null {
    const answers = entries.flatMap(({ conversationId, recorded }) =>
      recorded.flatMap(({ event }) =>
        event.type === 'messageReceived' && event.formId !== undefined ? [{ conversationId, id: event.formId }] : [],
      ),
    );
    if (answers.length === 0) return null;
    const values = [answers.map(({ conversationId }) => conversationId), answers.map(({ id }) => id)];
    return { statement: { name: 'write_form_answered', text: SUBMITTED, values } };
  },
};

const SUBMITTED = `
  UPDATE message m SET body = jsonb_set(m.body, '{content,submitted}', 'true')
  FROM unnest($1::text[], $2::text[]) AS n (conversation_id, id)
  WHERE m.conversation_id = n.conversation_id AND m.id = n.id`;

/** Deletes one message or all of a conversation, those written before the command. */
export const removedMessageRows: RowWriter<Settled> = {
  name: 'message_removed',
  write(entries): Written | null {
    const conversations: string[] = [];
    const ids: (string | null)[] = [];
    for (const { conversationId, recorded } of entries) {
      for (const { event } of recorded) {
        if (event.type !== 'messagesRemoved') continue;
        conversations.push(conversationId);
        ids.push(event.messageId);
      }
    }
    if (ids.length === 0) return null;
    return { statement: { name: 'write_message_removed', text: REMOVE, values: [conversations, ids] } };
  },
};

/** What answers a removed form quotes it: its words go from there too. Only answered forms are looked for. */
const REMOVE = `
  WITH removed AS (
    SELECT * FROM unnest($1::text[], $2::text[]) AS n (conversation_id, message_id)),
  forms AS (
    SELECT f.conversation_id, f.id FROM removed n
    JOIN message f ON f.conversation_id = n.conversation_id AND f.id = n.message_id
    WHERE f.body #>> '{content,submitted}' = 'true'),
  quotes AS (
    UPDATE message m
    SET body = jsonb_set(m.body, '{quotedMessage,message}',
                         without_words(m.body #> '{quotedMessage,message}') || '{"deleted": true}')
    FROM forms f
    WHERE m.conversation_id = f.conversation_id AND m.body #>> '{quotedMessage,message,id}' = f.id)
  DELETE FROM message m USING removed n
  WHERE m.conversation_id = n.conversation_id AND (n.message_id IS NULL OR m.id = n.message_id)`;
