/**
 * Digits as they stand in a card's number, one by one or in groups, each free of letters and other numbers around it. Both
 * alphabets take one code unit a digit.
 */
const GROUP = /(?<![\p{L}\p{N}])[0-9０-９]+(?![\p{L}\p{N}])/gu;
/** What may stand between two groups of one number. */
const BETWEEN = /^[ \u00a0\u202f.\-\u2010-\u2015\u200b-\u200d\u2060]{1,2}$/u;

const SHORTEST = 13;
const LONGEST = 19;
const SHOWN = 4;

/** What programs read: a number there is an id or an address, and changing it would break what it names. */
const FOR_PROGRAMS =
  /^(?:type|name|payload|uri|fallback|format|currency|size|imageAspectRatio|mediaType|.*(?:Id|Url))$/;

/** The same words with all but the last four digits of card numbers as asterisks, in every text of a message. */
export function withoutCards<T>(value: T): T {
  if (typeof value === 'string') return maskedText(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutCards(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, held]): [string, unknown] => [
    key,
    FOR_PROGRAMS.test(key) ? held : withoutCards(held as unknown),
  ]);
  return Object.fromEntries(entries) as T;
}

/** Digits that stand together, where they begin, and whether they may go on the number that the group before began. */
export interface Group {
  readonly digits: string;
  readonly index: number;
  readonly goesOn: boolean;
}

function maskedText(text: string): string {
  const groups = groupsIn(text);
  const pieces: string[] = [];
  let told = 0;
  for (const [from, to] of cardsIn(groups)) {
    const card = groups.slice(from, to + 1);
    let hidden = card.reduce((count, { digits }) => count + digits.length, 0) - SHOWN;
    for (const { digits, index } of card) {
      const covered = hidden < digits.length ? hidden : digits.length;
      pieces.push(text.slice(told, index), '*'.repeat(covered));
      hidden -= covered;
      told = index + covered;
    }
  }
  return pieces.length === 0 ? text : [...pieces, text.slice(told)].join('');
}

function groupsIn(text: string): readonly Group[] {
  let end = -1;
  return Array.from(text.matchAll(GROUP), ({ 0: digits, index }) => {
    const goesOn = end >= 0 && index - end <= 2 && BETWEEN.test(text.slice(end, index));
    end = index + digits.length;
    return { digits, index, goesOn };
  });
}

/** The first and the last group of every card's number. Looks at a group as often as it may be part of a number, at most. */
export function cardsIn(groups: readonly Group[]): readonly (readonly [number, number])[] {
  const cards: (readonly [number, number])[] = [];
  for (let from = 0; from < groups.length; from += 1) {
    const to = cardFrom(groups, from);
    if (to === null) continue;
    cards.push([from, to]);
    from = to;
  }
  return cards;
}

/** Up to which group a card's number goes that begins at this one, the longest; `null`: none does. */
function cardFrom(groups: readonly Group[], from: number): number | null {
  let number = '';
  let found: number | null = null;
  for (let to = from; to < groups.length && number.length < LONGEST; to += 1) {
    const group = groups[to];
    if (!group || (to > from && !group.goesOn)) break;
    number += group.digits;
    if (isCard(number)) found = to;
  }
  return found;
}

/** Cards of all schemes in use begin with 2 to 6, which tells them from times and most order numbers. */
function isCard(number: string): boolean {
  if (number.length < SHORTEST || number.length > LONGEST) return false;
  const digits = number.normalize('NFKC');
  return /^[2-6]/.test(digits) && luhnSum(digits) % 10 === 0;
}

function luhnSum(digits: string): number {
  return [...digits].toReversed().reduce((sum, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
}
