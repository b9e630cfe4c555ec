import { updateRows, type RowWriter, type Written } from '../../ledger/index.js';
import type { Settled } from '../recorded.js';
import { stored } from '../stored-state.js';

/** The state that the next decision rests on; the row of a new conversation is `conversationRows`'. */
export const stateRows: RowWriter<Settled> = {
  name: 'conversation_state',
  write(entries): Written | null {
    const rows = entries.filter(isChanged).map(rowOf);
    return rows.length === 0 ? null : { statement: update(rows) };
  },
};

const update = updateRows(
  'conversation',
  { id: 'text', seq: 'int8', control_epoch: 'int8', state: 'jsonb', last_updated_at: 'timestamptz' },
  { name: 'write_conversation_state' },
);

const isChanged = ({ recorded, before, after }: Settled): boolean =>
  recorded.length > 0 && before.lifecycle !== 'absent' && after.lifecycle !== 'removed';

const rowOf = ({ conversationId, after, profile }: Settled) => ({
  id: conversationId,
  seq: after.seq,
  control_epoch: after.controlEpoch,
  state: stored(after),
  last_updated_at: profile.lastUpdatedAt,
});
