import type { RowWriter, Written } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { Settled } from '../recorded.js';

/** Who takes part from now on; what was written before they came counts as read. Written behind the conversation's row. */
export const participantRows: RowWriter<Settled> = {
  name: 'participant',
  write(entries): Written | null {
    const ids: string[] = [];
    const conversations: string[] = [];
    const users: string[] = [];
    const seqs: number[] = [];
    const created: string[] = [];
    for (const { conversationId, participants, after, world } of entries) {
      for (const { id, userId } of participants) {
        ids.push(id);
        conversations.push(conversationId);
        users.push(userId);
        seqs.push(after.seq);
        created.push(isoTime(world.now));
      }
    }
    if (ids.length === 0) return null;
    const values = [ids, conversations, users, seqs, created];
    return { statement: { name: 'write_participant', text: INSERT, values } };
  },
};

const INSERT = `
  INSERT INTO participant (id, conversation_id, user_id, last_read_seq, created_at)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::timestamptz[])`;

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
