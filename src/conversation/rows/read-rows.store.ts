import type { EventEmitter2 } from '@nestjs/event-emitter';
import type { RowWriter, Written } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { Settled } from '../recorded.js';
import { READ, type ActivitySignal } from '../signals.js';

/**
 * Who read how far: an end user's place among the events, or the moment the business last read. Once it is committed the
 * process is told; receivers of read events get one attempt and nobody may rely on it (architecture, Lanes).
 */
export const readRows = (signals: EventEmitter2): RowWriter<Settled> => ({
  name: 'read',
  write(entries): Written | null {
    const reads = entries.filter(({ recorded }) => recorded.some(({ event }) => event.type === 'conversationRead'));
    if (reads.length === 0) return null;
    const values = [
      reads.map(({ conversationId }) => conversationId),
      reads.map((entry) => readerOf(entry)),
      reads.map(({ after }) => after.seq),
      reads.map(({ world }) => isoTime(world.now)),
    ];
    return {
      statement: { name: 'write_read', text: MARK, values },
      committed: () => {
        for (const entry of reads) signals.emit(READ, readSignal(entry));
      },
    };
  },
});

const readerOf = ({ command }: Settled) => (command.type === 'recordRead' ? command.userId : null);

function readSignal(entry: Settled): ActivitySignal {
  const userId = readerOf(entry);
  return {
    appId: entry.appId,
    conversationId: entry.conversationId,
    configuration: entry.configuration,
    profile: entry.profile,
    state: entry.after,
    at: entry.world.now,
    activity: {
      type: 'conversation:read',
      author: userId === null ? { type: 'business' } : { type: 'user', userId },
      source: { type: 'api:conversations' },
    },
    user: userId === null ? null : (entry.users.get(userId) ?? null),
  };
}

const MARK = `
  WITH n AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::int8[], $4::timestamptz[])
         AS n (conversation_id, user_id, seq, at)),
  reader AS (
    UPDATE participant p SET last_read_seq = n.seq, last_read_at = n.at FROM n
    WHERE p.conversation_id = n.conversation_id AND p.user_id = n.user_id)
  UPDATE conversation c SET business_last_read = n.at FROM n WHERE c.id = n.conversation_id AND n.user_id IS NULL`;
