import type { RowWriter, Written } from '../../ledger/index.js';
import type { MessageBody, Settled } from '../recorded.js';

/** Bodies of messages; id, time and place stand in columns. */
export const messageRows: RowWriter<Settled> = {
  name: 'message',
  write(entries): Written | null {
    const conversations: string[] = [];
    const seqs: number[] = [];
    const ids: string[] = [];
    const times: string[] = [];
    const authors: string[] = [];
    const bodies: string[] = [];
    for (const { conversationId, recorded, messages } of entries) {
      if (messages.size === 0) continue;
      for (const { seq, event } of recorded) {
        const message = 'messageId' in event && event.messageId !== null ? messages.get(event.messageId) : undefined;
        if (!message) continue;
        conversations.push(conversationId);
        seqs.push(seq);
        ids.push(message.id);
        times.push(message.received);
        authors.push(message.author.type);
        bodies.push(bodyOf(message));
      }
    }
    if (ids.length === 0) return null;
    const values = [conversations, seqs, ids, times, authors, bodies];
    return { statement: { name: 'write_message', text: INSERT, values } };
  },
};

const bodyOf = ({ author, content, source, metadata, activity }: MessageBody): string =>
  JSON.stringify({ author, content, source, metadata, activity });

const INSERT = `
  INSERT INTO message (conversation_id, seq, id, received_at, author_type, body)
  SELECT * FROM unnest($1::text[], $2::int8[], $3::text[], $4::timestamptz[], $5::text[], $6::jsonb[])`;

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
