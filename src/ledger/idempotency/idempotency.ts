import { Failure } from '../../kernel/index.js';
import type { IdempotencyKey, Row, Statement } from '../book.js';

/** How long answers and refusals are kept (I8). Older ones count as forgotten, swept or not. */
const KEPT = `interval '24 hours'`;

/** What is stored under a key: the answer, or the refusal that was thrown. */
export type Stored =
  | { readonly answer: unknown }
  | { readonly failure: Pick<Failure, 'code' | 'title'> & { readonly fields: Failure['details']['fields'] } };

export interface StoredRow {
  readonly key: IdempotencyKey;
  /** The conversation or the end user whose words the answer may hold: it is found by this when they are erased. */
  readonly about: string | null;
  readonly bytes: Buffer;
}

/** An advisory lock per key, held to the end of the transaction; `false`: another transaction works on this key. */
export function tryKeys(keys: readonly IdempotencyKey[]): Statement {
  return {
    name: 'idempotency_try',
    text: `SELECT pg_try_advisory_xact_lock(lock) AS free
           FROM unnest($1::bigint[]) WITH ORDINALITY AS asked (lock, place) ORDER BY place`,
    values: [keys.map((key) => key.key.readBigInt64BE(0))],
  };
}

export function findStored(keys: readonly IdempotencyKey[]): Statement {
  return {
    name: 'idempotency_find',
    text: `SELECT key, fingerprint, answer FROM idempotency
           WHERE key = ANY ($1::bytea[]) AND created_at > clock_timestamp() - ${KEPT}`,
    values: [keys.map((key) => key.key)],
  };
}

export function store(rows: readonly StoredRow[]): Statement {
  return {
    name: 'idempotency_store',
    text: `INSERT INTO idempotency (key, fingerprint, answer, about, created_at)
           SELECT key, fingerprint, answer, about, clock_timestamp()
           FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::text[]) AS fresh (key, fingerprint, answer, about)
           ON CONFLICT (key) DO UPDATE
           SET fingerprint = excluded.fingerprint, answer = excluded.answer, about = excluded.about,
               created_at = excluded.created_at`,
    values: [
      rows.map((row) => row.key.key),
      rows.map((row) => row.key.fingerprint),
      rows.map((row) => row.bytes),
      rows.map((row) => row.about),
    ],
  };
}

/** Forgets what is past its time, a bounded piece at once. Returns the keys it forgot. */
export function forget(limit: number): Statement {
  return {
    name: 'idempotency_forget',
    text: `DELETE FROM idempotency WHERE key IN (
             SELECT key FROM idempotency WHERE created_at <= statement_timestamp() - ${KEPT} ORDER BY created_at LIMIT $1)
           RETURNING key`,
    values: [limit],
  };
}

/** Whether the key is in use by another body than the one stored. */
export function isReused(key: IdempotencyKey, row: Row): boolean {
  return !key.fingerprint.equals(row['fingerprint'] as Buffer);
}

export function inFlight(): Failure {
  const title = 'A request with this Idempotency-Key is still being worked on. Repeat it shortly.';
  return new Failure('idempotency_key_in_flight', title, { retryAfterSeconds: 1 });
}

export function reused(): Failure {
  return new Failure('idempotency_key_reused', 'This Idempotency-Key was used with another body. Take a new key.');
}

/** These say nothing lasting about the request: a repeat may well succeed, so they are never stored. */
const PASSING = new Set<Failure['code']>([
  'internal_error',
  'unavailable',
  'outcome_unknown',
  'too_many_requests',
  'idempotency_key_in_flight',
  'idempotency_key_reused',
]);

/** The stored form of a refusal; `null` for what must not be stored. */
export function storedFailure(error: unknown): Stored | null {
  if (!(error instanceof Failure) || PASSING.has(error.code)) return null;
  return { failure: { code: error.code, title: error.title, fields: error.details.fields } };
}

/** Gives the stored answer again, or throws the stored refusal again. */
export function replay(stored: Stored): unknown {
  if ('answer' in stored) return stored.answer;
  const { code, title, fields } = stored.failure;
  throw new Failure(code, title, fields === undefined ? {} : { fields });
}

const PLAIN = 0;
const SEALED = 1;

/** Encrypts and opens answers that hold secrets; the associated data binds an answer to its key. */
export interface AnswerBox {
  seal(plain: Buffer, associated: Buffer): Buffer;
  open(sealed: Buffer, associated: Buffer): Buffer;
}

/** First byte: 0 JSON, 1 sealed JSON. `undefined` becomes `null`, as JSON has it. */
export function encode(stored: Stored, key: IdempotencyKey, box: AnswerBox | null): Buffer {
  const json = 'answer' in stored ? { answer: stored.answer ?? null } : stored;
  const plain = Buffer.from(JSON.stringify(json));
  return box === null
    ? Buffer.concat([Buffer.of(PLAIN), plain])
    : Buffer.concat([Buffer.of(SEALED), box.seal(plain, key.key)]);
}

export function decode(bytes: Buffer, key: IdempotencyKey, box: AnswerBox | null): Stored {
  const body = bytes.subarray(1);
  if (bytes[0] === PLAIN) return JSON.parse(body.toString()) as Stored;
  if (box === null) throw new Error('this answer is sealed and nobody here can open it');
  return JSON.parse(box.open(body, key.key).toString()) as Stored;
}
