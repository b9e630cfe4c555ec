import { insertRows, type RowWriter, type Written } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { Settled } from '../recorded.js';

/** Who takes part from now on; what was written before they came counts as read. Written behind the conversation's row. */
export const participantRows: RowWriter<Settled> = {
  name: 'participant',
  write(entries): Written | null {
    const rows = entries.flatMap(rowsOf);
    return rows.length === 0 ? null : { statement: insert(rows) };
  },
};

const insert = insertRows(
  'participant',
  { id: 'text', conversation_id: 'text', user_id: 'text', last_read_seq: 'int8', created_at: 'timestamptz' },
  { name: 'write_participant' },
);

function rowsOf({ conversationId, participants, after, world }: Settled) {
  return participants.map(({ id, userId }) => ({
    id,
    conversation_id: conversationId,
    user_id: userId,
    last_read_seq: after.seq,
    created_at: isoTime(world.now),
  }));
}

/** Who left a group. */
export const leftRows: RowWriter<Settled> = {
  name: 'participant_left',
  write(entries): Written | null {
    const conversations: string[] = [];
    const users: string[] = [];
    for (const { conversationId, recorded } of entries) {
      for (const { event } of recorded) {
        if (event.type !== 'participantLeft') continue;
        conversations.push(conversationId);
        users.push(event.userId);
      }
    }
    if (users.length === 0) return null;
    return { statement: { name: 'write_participant_left', text: LEAVE, values: [conversations, users] } };
  },
};

const LEAVE = `
  DELETE FROM participant p USING unnest($1::text[], $2::text[]) AS n (conversation_id, user_id)
  WHERE p.conversation_id = n.conversation_id AND p.user_id = n.user_id`;
