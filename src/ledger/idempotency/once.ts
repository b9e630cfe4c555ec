import { Inject, Injectable, Optional } from '@nestjs/common';
import { CompiledQuery } from 'kysely';
import { Db, type Tx } from '../../platform/postgres/index.js';
import type { IdempotencyKey, Row, Statement } from '../book.js';
import {
  decode,
  encode,
  findStored,
  inFlight,
  isReused,
  replay,
  reused,
  store,
  storedFailure,
  tryKeys,
  type AnswerBox,
  type Stored,
  type StoredRow,
} from './idempotency.js';

/** Provided by whoever keeps the master key; without it an answer that holds secrets cannot be stored. */
export const ANSWER_BOX = Symbol('AnswerBox');

/**
 * Plain transactions (apps, keys, settings), at most once per idempotency key (I8): the key's lock, the change and its
 * answer are one transaction.
 *
 * Throws `idempotency_key_in_flight` and `idempotency_key_reused`, and whatever `change` throws. A `Failure` of
 * `change` undoes the change and is stored like an answer, unless it says nothing lasting (5xx).
 */
@Injectable()
export class Once {
  constructor(
    @Inject(Db) private readonly db: Db,
    @Optional() @Inject(ANSWER_BOX) private readonly box: AnswerBox | null = null,
  ) {}

  /**
   * `change` must answer plain JSON: a repeat gets it back as it was stored. `secret`: the answer is stored encrypted.
   * `about`: the end user whom the answer shows.
   */
  async run<T>(
    key: IdempotencyKey | null,
    { secret, about = null }: { secret: boolean; about?: string | null },
    change: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    if (key === null) return this.db.transaction(change);
    const box = secret ? this.requireBox() : null;
    const stored = await this.db.transaction((tx) => this.changeOrRecall(tx, { key, about }, box, change));
    return replay(stored) as T;
  }

  /** Is there an answer under this key, which a repeat gets again? */
  async isAnswered(key: IdempotencyKey): Promise<boolean> {
    const { text, values } = findStored([key]);
    const { rows } = await this.db.kysely.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
    return rows.length > 0;
  }

  private async changeOrRecall<T>(
    tx: Tx,
    { key, about }: Pick<StoredRow, 'key' | 'about'>,
    box: AnswerBox | null,
    change: (tx: Tx) => Promise<T>,
  ): Promise<Stored> {
    const [lock] = await send(tx, tryKeys([key]));
    if (lock?.['free'] !== true) throw inFlight();
    const [row] = await send(tx, findStored([key]));
    if (row !== undefined) {
      if (isReused(key, row)) throw reused();
      return decode(row['answer'] as Buffer, key, box ?? this.box);
    }
    const stored = await changeOrRefuse(tx, change);
    await send(tx, store([{ key, about, bytes: encode(stored, key, box) }]));
    return stored;
  }

  private requireBox(): AnswerBox {
    if (this.box === null) throw new Error('an answer with a secret needs ANSWER_BOX to be provided');
    return this.box;
  }
}

/** A lasting refusal becomes a value; what was changed before it is undone. */
async function changeOrRefuse<T>(tx: Tx, change: (tx: Tx) => Promise<T>): Promise<Stored> {
  await send(tx, savepoint('SAVEPOINT change'));
  try {
    return { answer: await change(tx) };
  } catch (error) {
    const refusal = storedFailure(error);
    if (refusal === null) throw error;
    await send(tx, savepoint('ROLLBACK TO SAVEPOINT change'));
    return refusal;
  }
}

function savepoint(text: string): Statement {
  return { name: '', text, values: [] };
}

async function send(tx: Tx, statement: Statement): Promise<readonly Row[]> {
  const { rows } = await tx.executeQuery<Row>(CompiledQuery.raw(statement.text, [...statement.values]));
  return rows;
}
