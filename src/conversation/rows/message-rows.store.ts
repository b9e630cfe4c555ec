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
  },
  { name: 'write_message' },
);

function rowsOf({ conversationId, recorded, messages }: Settled) {
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
      },
    ];
  });
}

const bodyOf = ({ author, content, source, metadata, activity }: MessageBody) => ({
  author,
  content,
  source,
  metadata,
  activity,
});

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

const REMOVE = `
  DELETE FROM message m USING unnest($1::text[], $2::text[]) AS n (conversation_id, message_id)
  WHERE m.conversation_id = n.conversation_id AND (n.message_id IS NULL OR m.id = n.message_id)`;
