import type { RowWriter, Written } from '../../ledger/index.js';
import { newId } from '../../platform/ids.js';
import type { Settled } from '../recorded.js';

/** Who takes part in a new conversation. Written behind its row, which they refer to. */
export const participantRows: RowWriter<Settled> = {
  name: 'participant',
  write(entries): Written | null {
    const ids: string[] = [];
    const conversations: string[] = [];
    const users: string[] = [];
    const created: string[] = [];
    for (const { before, after, conversationId, participants, profile } of entries) {
      if (before.lifecycle !== 'absent' || after.lifecycle === 'absent') continue;
      for (const user of participants) {
        ids.push(newId());
        conversations.push(conversationId);
        users.push(user);
        created.push(profile.createdAt);
      }
    }
    if (ids.length === 0) return null;
    return { statement: { name: 'write_participant', text: INSERT, values: [ids, conversations, users, created] } };
  },
};

const INSERT = `
  INSERT INTO participant (id, conversation_id, user_id, created_at)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])`;
