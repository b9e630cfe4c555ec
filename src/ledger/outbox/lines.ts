import { Line } from './line.js';
import type { OutboxRow } from './writer.js';

export interface LineLimits {
  /** Rows in memory; what finds no room stays in the table until the sweep finds it again. */
  readonly rows: number;
  /** Conversations remembered, so that their next row needs no look at the table. */
  readonly lines: number;
}

/** The rows in memory, by conversation. Bounded: the table holds them all anyway. */
export class Lines {
  readonly #lines = new Map<string, Line>();
  #rows = 0;

  constructor(private readonly limits: LineLimits) {}

  get rows(): number {
    return this.#rows;
  }

  get hasRoom(): boolean {
    return this.#rows < this.limits.rows;
  }

  knows(line: Line): boolean {
    return this.#lines.get(line.conversationId) === line;
  }

  /** The line of a conversation under this fence; a new one where there is none, or one of another fence. */
  of(conversationId: string, partition: number, fence: number): Line {
    const known = this.#lines.get(conversationId);
    if (known?.fence === fence) return known;
    if (known) this.forget(known);
    const line = new Line(conversationId, partition, fence);
    this.#lines.set(conversationId, line);
    this.makeRoom();
    return line;
  }

  /** `false`: there is no room, or rows before it are missing. */
  follow(line: Line, row: OutboxRow): boolean {
    if (!this.hasRoom) return false;
    const before = line.length;
    const follows = line.follow(row);
    this.#rows += line.length - before;
    return follows;
  }

  merge(line: Line, rows: readonly OutboxRow[]): void {
    if (this.hasRoom) this.#rows += line.merge(rows);
    else line.behind = true;
  }

  acknowledged(line: Line): void {
    const before = line.length;
    line.acknowledged();
    if (this.knows(line)) this.#rows += line.length - before;
  }

  forget(line: Line): void {
    if (!this.knows(line)) return;
    this.#lines.delete(line.conversationId);
    this.#rows -= line.length;
  }

  forgetPartitions(partitions: ReadonlySet<number>): void {
    for (const line of this.#lines.values()) if (partitions.has(line.partition)) this.forget(line);
  }

  clear(): void {
    this.#lines.clear();
    this.#rows = 0;
  }

  /** Oldest first among those that have nothing to do. */
  private makeRoom(): void {
    if (this.#lines.size <= this.limits.lines) return;
    for (const line of this.#lines.values()) {
      if (line.length > 0 || line.busy || line.behind) continue;
      this.forget(line);
      if (this.#lines.size <= this.limits.lines * 0.9) return;
    }
  }
}
