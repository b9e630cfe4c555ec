import type { RowWriter, Written } from '../../ledger/index.js';
import type { Settled } from '../recorded.js';

/** The state that the next decision rests on; the row of a new conversation is `conversationRows`'. */
export const stateRows: RowWriter<Settled> = {
  name: 'conversation_state',
  write(entries): Written | null {
    const ids: string[] = [];
    const seqs: number[] = [];
    const epochs: number[] = [];
    const states: string[] = [];
    const updated: string[] = [];
    for (const { conversationId, before, after, profile, recorded } of entries) {
      if (recorded.length === 0 || before.lifecycle === 'absent' || after.lifecycle === 'removed') continue;
      ids.push(conversationId);
      seqs.push(after.seq);
      epochs.push(after.controlEpoch);
      states.push(JSON.stringify(after));
      updated.push(profile.lastUpdatedAt);
    }
    if (ids.length === 0) return null;
    return {
      statement: { name: 'write_conversation_state', text: UPDATE, values: [ids, seqs, epochs, states, updated] },
    };
  },
};

const UPDATE = `
  UPDATE conversation c
  SET seq = n.seq, control_epoch = n.control_epoch, state = n.state, last_updated_at = n.last_updated_at
  FROM unnest($1::text[], $2::int8[], $3::int8[], $4::jsonb[], $5::timestamptz[])
       AS n (id, seq, control_epoch, state, last_updated_at)
  WHERE c.id = n.id`;
