import type { Board } from './board.js';
import type { Field } from './field.js';
import type { Stand } from './stand.js';

/** What every group of cells is given. */
export interface Run {
  readonly board: Board;
  readonly stand: Stand;
  readonly field: Field;
  readonly rounds: number;
  readonly seconds: number;
}

export function progress(what: string): void {
  process.stderr.write(`  ${what}\n`);
}
