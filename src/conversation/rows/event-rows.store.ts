import { insertRows, type RowWriter, type Written } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { Settled } from '../recorded.js';

/** Every event as it was recorded: folded in `seq` order they give the conversation's state again (I10). */
export const eventRows: RowWriter<Settled> = {
  name: 'event',
  write(entries): Written | null {
    const rows = entries.flatMap(rowsOf);
    return rows.length === 0 ? null : { statement: insert(rows) };
  },
};

const insert = insertRows(
  'event',
  {
    conversation_id: 'text',
    seq: 'int8',
    id: 'text',
    type: 'text',
    at: 'timestamptz',
    control_epoch: 'int8',
    data: 'jsonb',
    app_id: 'text',
  },
  { name: 'write_event' },
);

function rowsOf({ appId, conversationId, recorded, world }: Settled) {
  if (recorded.length === 0) return [];
  const at = isoTime(world.now);
  return recorded.map(({ id, seq, controlEpoch, event }) => ({
    conversation_id: conversationId,
    seq,
    id,
    type: event.type,
    at,
    control_epoch: controlEpoch,
    data: event,
    app_id: appId,
  }));
}
