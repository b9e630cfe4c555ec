import type { RowWriter, Written } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { Settled } from '../recorded.js';

/** Every event as it was recorded: folded in `seq` order they give the conversation's state again (I10). */
export const eventRows: RowWriter<Settled> = {
  name: 'event',
  write(entries): Written | null {
    const conversations: string[] = [];
    const seqs: number[] = [];
    const ids: string[] = [];
    const types: string[] = [];
    const times: string[] = [];
    const epochs: number[] = [];
    const data: string[] = [];
    for (const { conversationId, recorded, world } of entries) {
      if (recorded.length === 0) continue;
      const at = isoTime(world.now);
      for (const { id, seq, controlEpoch, event } of recorded) {
        conversations.push(conversationId);
        seqs.push(seq);
        ids.push(id);
        types.push(event.type);
        times.push(at);
        epochs.push(controlEpoch);
        data.push(JSON.stringify(event));
      }
    }
    if (ids.length === 0) return null;
    const values = [conversations, seqs, ids, types, times, epochs, data];
    return { statement: { name: 'write_event', text: INSERT, values } };
  },
};

const INSERT = `
  INSERT INTO event (conversation_id, seq, id, type, at, control_epoch, data)
  SELECT * FROM unnest($1::text[], $2::int8[], $3::text[], $4::text[], $5::timestamptz[], $6::int8[], $7::jsonb[])`;
