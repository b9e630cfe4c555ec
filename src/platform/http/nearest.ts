import { shortened } from '../../kernel/index.js';

/** Longer names are nobody's slip of a key. */
const LONGEST = 64;

/** The known word that was probably meant; `null`: none is near. */
export function nearest(word: string, known: Iterable<string>): string | null {
  if (word.length > LONGEST) return null;
  let best: string | null = null;
  let least = 1 + Math.max(1, Math.floor(word.length / 3));
  for (const candidate of known) {
    const slips = slipsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (slips >= least) continue;
    [best, least] = [candidate, slips];
  }
  return best;
}

/** Letters that are missing, too many, wrong or changed with their neighbour. */
function slipsBetween(a: string, b: string): number {
  let before: readonly number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line[column] = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, above] = [above, line];
  }
  return above[b.length] ?? 0;
}

/** Fits a line of an answer, whatever somebody sent. */
export const shown = (word: string): string => shortened(word, LONGEST + 1);

/** More would be a reference, not a hint. */
const MOST_LISTED = 12;

/** "'filter[state]' is not known here: did you mean 'filter[status]'?" */
export function unknownTitle(word: string, meant: string | null, known: readonly string[]): string {
  const start = `'${word}' is not known here`;
  if (meant !== null) return `${start}: did you mean '${meant}'?`;
  if (known.length === 0) return `${start}: nothing is read`;
  return known.length > MOST_LISTED ? start : `${start}: use ${known.join(', ')}`;
}
