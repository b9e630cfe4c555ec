import type { OutboxRow } from './writer.js';

/** Rows of one conversation that may be on their way at once. */
const MOST = 8;

/**
 * What one conversation has to publish, in order. Its first rows are on their way together, each to be stored only
 * directly behind the one before it; the next ones leave when the stream has acknowledged them all. So first copies
 * arrive in order whoever sends them.
 */
export class Line {
  readonly #rows: OutboxRow[] = [];
  /** The last one the stream acknowledged here; `null`: none under this fence. */
  #last: number | null = null;
  busy = false;
  /** Others stored between its rows: the next one goes by itself. */
  disturbed = false;
  /** The table may hold rows that are not here. */
  behind = false;

  constructor(
    readonly conversationId: string,
    readonly partition: number,
    /** The fence it was begun under; under another it is another line. */
    readonly fence: number,
  ) {}

  get head(): OutboxRow | undefined {
    return this.#rows[0];
  }

  /** What may leave now. */
  get front(): readonly OutboxRow[] {
    return this.#rows.slice(0, this.disturbed ? 1 : MOST);
  }

  get length(): number {
    return this.#rows.length;
  }

  /** A row handed over by its committer; `false` when it does not follow directly: ask the table what lies between. */
  follow(row: OutboxRow): boolean {
    const tail = this.tail;
    if (tail !== null && row.seq <= tail) return true;
    if (this.behind || row.seq !== (tail ?? 0) + 1) return false;
    this.#rows.push(row);
    return true;
  }

  /** Rows of the table: all unpublished ones from the first to some last, in order. Answers how many are new. */
  merge(rows: readonly OutboxRow[]): number {
    const before = this.#rows.length;
    for (const row of rows) if (row.seq > (this.tail ?? -1)) this.#rows.push(row);
    return this.#rows.length - before;
  }

  /** The head was acknowledged. */
  acknowledged(): void {
    this.#last = this.#rows.shift()?.seq ?? this.#last;
  }

  private get tail(): number | null {
    return this.#rows.at(-1)?.seq ?? this.#last;
  }
}
