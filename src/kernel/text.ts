/**
 * How long words of people are: in characters, which are Unicode code points everywhere, as JSON Schema and PostgreSQL's
 * `length` count them. So an emoji is as long to a form as it is to the row that keeps the answer.
 */
export const lengthOf = (text: string): number => text.length - (text.match(PAIRS)?.length ?? 0);

const PAIRS = /[\uD800-\uDBFF][\uDC00-\uDFFF]/g;

export interface Limits {
  readonly least: number;
  readonly most: number;
}

export function isWithin(text: string, { least, most }: Limits): boolean {
  // A character takes one or two units: most texts need no counting.
  if (text.length < least || text.length > 2 * most) return false;
  const length = lengthOf(text);
  return length >= least && length <= most;
}

/** What a refusal says of the limits. */
export const lengthSaid = ({ least, most }: Limits): string =>
  `${least === 0 ? 'at most' : least === most ? 'exactly' : `${least} to`} ${most} characters (Unicode code points)`;

/** The beginning of a text that is too long; no character is cut in two. */
export const cut = (text: string, most: number): string =>
  text.length <= most
    ? text
    : Array.from(text.slice(0, 2 * most))
        .slice(0, most)
        .join('');

/** The same, and it shows that something is missing. */
export const shortened = (text: string, most: number): string =>
  isWithin(text, { least: 0, most }) ? text : `${cut(text, most - 1)}…`;
