import { sql } from 'kysely';
import { PARTITIONS, partitionOf } from '../../kernel/index.js';
import type { Db, Tx } from '../../platform/postgres/index.js';
import { restored } from './restored.js';
import type { OutboxMessage, OutboxRow } from './writer.js';

/** A row the stream acknowledged, under the fence it was published under. */
export interface Acknowledged {
  readonly row: OutboxRow;
  readonly fence: number;
  readonly streamSeq: number;
}

/** An event, and the number under which the stream stored it. */
export interface Stored {
  readonly seq: number;
  readonly id: string;
}

export interface StreamMark {
  readonly generation: number;
  /** The stream must have come at least this far. */
  readonly floor: number;
  /** The last row that is known to be stored. */
  readonly last: Stored | null;
}

export interface Backlog {
  readonly rows: number;
  readonly oldestSeconds: number;
}

/** Rows of one partition or one conversation that are brought into memory at a time. */
export const PAGE = 64;
const ALL_PARTITIONS: readonly number[] = Array.from({ length: PARTITIONS }, (_, partition) => partition);

/** What the relay reads and writes: always by status, never by a serial or a transaction's number (finding 5). */
export class OutboxStore {
  constructor(private readonly db: Db) {}

  /** The first unpublished rows of each partition behind a conversation (`''`: from the start), in order. */
  async ofPartitions(after: ReadonlyMap<number, string>): Promise<readonly OutboxRow[]> {
    const { rows } = await sql<OutboxRow>`
      SELECT o.* FROM unnest(${[...after.keys()]}::smallint[], ${[...after.values()]}::text[]) AS p(partition, after)
      CROSS JOIN LATERAL (
        SELECT partition::int, conversation_id AS "conversationId", seq, event_id AS "eventId", subject, body
        FROM outbox
        WHERE partition = p.partition AND published_at IS NULL AND conversation_id > p.after
        ORDER BY conversation_id, seq LIMIT ${PAGE}
      ) o`.execute(this.db.as('relay').kysely);
    return rows;
  }

  /** The first unpublished rows of each conversation, in order. */
  async ofConversations(keys: readonly { partition: number; conversationId: string }[]): Promise<readonly OutboxRow[]> {
    const { rows } = await sql<OutboxRow>`
      SELECT o.* FROM unnest(${keys.map((key) => key.partition)}::smallint[],
                             ${keys.map((key) => key.conversationId)}::text[]) AS k(partition, conversation_id)
      CROSS JOIN LATERAL (
        SELECT partition::int, conversation_id AS "conversationId", seq, event_id AS "eventId", subject, body
        FROM outbox
        WHERE partition = k.partition AND conversation_id = k.conversation_id AND published_at IS NULL
        ORDER BY seq LIMIT ${PAGE}
      ) o`.execute(this.db.as('relay').kysely);
    return rows;
  }

  /**
   * Marks rows published, if `owner` still holds their partitions under these fences and the stream is still the one
   * that acknowledged them. Answers how many were marked. The mark is held, so that a rewind comes before or after.
   *
   * Each row is looked up by its key, and updated where it was found; its time names the table's partition. In a plain
   * join PostgreSQL reads all that is unpublished: its statistics come from quiet times and say that this is one row.
   */
  async published(acks: readonly Acknowledged[], owner: string, stream: string, generation: number): Promise<number> {
    const { numAffectedRows } = await sql`
      WITH mark AS MATERIALIZED (
        SELECT FROM stream_mark WHERE stream = ${stream} AND generation = ${generation} FOR SHARE
      ), found AS MATERIALIZED (
        SELECT o.*, a.stream_seq
        FROM unnest(${acks.map(({ row }) => row.partition)}::smallint[],
                    ${acks.map(({ row }) => row.conversationId)}::text[],
                    ${acks.map(({ row }) => row.seq)}::bigint[],
                    ${acks.map(({ fence }) => fence)}::bigint[],
                    ${acks.map(({ streamSeq }) => streamSeq)}::bigint[])
             AS a(partition, conversation_id, seq, fence, stream_seq)
        JOIN lease l ON l.partition = a.partition AND l.fence = a.fence AND l.owner = ${owner}
        CROSS JOIN LATERAL (
          SELECT created_at, ctid AS place FROM outbox
          WHERE partition = a.partition AND conversation_id = a.conversation_id AND seq = a.seq
            AND published_at IS NULL LIMIT 1
        ) o
      )
      UPDATE outbox o SET published_at = clock_timestamp(), stream_seq = found.stream_seq
      FROM found WHERE EXISTS (SELECT FROM mark) AND o.created_at = found.created_at AND o.ctid = found.place`.execute(
      this.db.as('relay').kysely,
    );
    return Number(numAffectedRows ?? 0n);
  }

  async mark(stream: string): Promise<StreamMark | null> {
    const { rows } = await sql<{ generation: number; lastSeq: number }>`
      SELECT generation, last_seq AS "lastSeq" FROM stream_mark WHERE stream = ${stream}`.execute(
      this.db.as('relay').kysely,
    );
    const [mark] = rows;
    if (!mark) return null;
    const { generation, lastSeq } = mark;
    const last = await this.storedBefore(Number.MAX_SAFE_INTEGER);
    return { generation, floor: Math.max(lastSeq, last?.seq ?? 0), last };
  }

  /** The last row stored under this number or a lower one. */
  async storedBefore(seq: number): Promise<Stored | null> {
    const { rows } = await sql<Stored>`
      SELECT stream_seq AS seq, event_id AS id FROM outbox
      WHERE stream_seq IS NOT NULL AND stream_seq <= ${seq} ORDER BY stream_seq DESC LIMIT 1`.execute(
      this.db.as('relay').kysely,
    );
    return rows[0] ?? null;
  }

  async raise(stream: string, generation: number, to: number): Promise<void> {
    await sql`UPDATE stream_mark SET generation = ${to}, marked_at = clock_timestamp()
      WHERE stream = ${stream} AND generation = ${generation}`.execute(this.db.as('relay').kysely);
  }

  async begin(stream: string, created: string, lastSeq: number): Promise<void> {
    await sql`
      INSERT INTO stream_mark (stream, created, last_seq, marked_at)
      VALUES (${stream}, ${created}, ${lastSeq}, clock_timestamp()) ON CONFLICT DO NOTHING`.execute(
      this.db.as('relay').kysely,
    );
  }

  /** Remembers how far the stream came, for when the rows that show it are dropped. */
  async advance(stream: string, generation: number, created: string, lastSeq: number): Promise<void> {
    await sql`
      UPDATE stream_mark SET created = ${created}, last_seq = greatest(last_seq, ${lastSeq}), marked_at = clock_timestamp()
      WHERE stream = ${stream} AND generation = ${generation} AND (last_seq < ${lastSeq} OR created <> ${created})`.execute(
      this.db.as('relay').kysely,
    );
  }

  /**
   * The stream went back: rows that it had beyond `survived` are unpublished again, and `stream.restored` says so.
   * Answers how many, or `null` when another process came first.
   */
  rewind(stream: string, generation: number, created: string, survived: number): Promise<number | null> {
    return this.db.as('relay').transaction(async (tx) => {
      await sql`SET LOCAL statement_timeout = 0`.execute(tx);
      await sql`SET LOCAL lock_timeout = '10s'`.execute(tx);
      const { rows } = await sql<{ at: Date }>`
        UPDATE stream_mark
        SET created = ${created}, last_seq = ${survived}, generation = generation + 1, marked_at = clock_timestamp()
        WHERE stream = ${stream} AND generation = ${generation} RETURNING marked_at AS at`.execute(tx);
      const [raised] = rows;
      if (!raised) return null;
      const { numAffectedRows } = await sql`
        UPDATE outbox SET published_at = NULL, stream_seq = NULL WHERE stream_seq > ${survived}`.execute(tx);
      const lost = Number(numAffectedRows ?? 0n);
      await this.announce(tx, restored({ stream, generation: generation + 1, created, survived, lost }, raised.at));
      return lost;
    });
  }

  private async announce(tx: Tx, { eventId, conversationId, seq, subject, body }: OutboxMessage): Promise<void> {
    await sql`
      INSERT INTO outbox (partition, conversation_id, seq, event_id, subject, body, created_at)
      VALUES (${partitionOf(conversationId)}, ${conversationId}, ${seq}, ${eventId}, ${subject}, ${body}, now())`.execute(
      tx,
    );
  }

  /** What waits in these partitions, else of all processes; counted up to `most`. */
  async backlog(partitions: readonly number[] = ALL_PARTITIONS, most = 100_000): Promise<Backlog> {
    const { rows } = await sql<Backlog>`
      SELECT count(*)::int AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS "oldestSeconds"
      FROM (SELECT created_at FROM outbox
            WHERE partition = ANY (${partitions}::smallint[]) AND published_at IS NULL LIMIT ${most}) waiting
    `.execute(this.db.as('relay').kysely);
    return rows[0] ?? { rows: 0, oldestSeconds: 0 };
  }
}
