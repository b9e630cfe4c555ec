import { partitionOf } from '../../kernel/index.js';
import type { RowWriter } from '../book.js';

/** One event on its way to the stream; rendered once, inside its transaction, so that repeats are the same bytes. */
export interface OutboxMessage {
  readonly eventId: string;
  readonly conversationId: string;
  readonly seq: number;
  readonly subject: string;
  readonly body: string;
}

export interface OutboxRow extends OutboxMessage {
  readonly partition: number;
}

/** Where committed rows go in memory: the relay of this process, or a wake to their owners. Must not throw. */
export type HandOver = (rows: readonly OutboxRow[]) => void;

const INSERT = `
  INSERT INTO outbox (partition, conversation_id, seq, event_id, subject, body, created_at)
  SELECT r.*, now() FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[]) AS r`;

/** Writes what is announced in the transaction that made it; the relay publishes it afterwards. */
export function outboxWriter<Entry>(
  render: (entry: Entry) => readonly OutboxMessage[],
  handOver: HandOver,
): RowWriter<Entry> {
  return {
    name: 'outbox',
    write(entries) {
      const rows = entries
        .flatMap(render)
        .map((message) => ({ ...message, partition: partitionOf(message.conversationId) }));
      if (rows.length === 0) return null;
      const column = <K extends keyof OutboxRow>(name: K): OutboxRow[K][] => rows.map((row) => row[name]);
      const values = [
        column('partition'),
        column('conversationId'),
        column('seq'),
        column('eventId'),
        column('subject'),
        column('body'),
      ];
      return { statement: { name: 'outbox_insert', text: INSERT, values }, committed: () => handOver(rows) };
    },
  };
}
