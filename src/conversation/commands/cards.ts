/** Digits as they stand in a card's number: one by one, or in groups with a blank or a dash between. */
const DIGIT = '[0-9０-９]';
const BETWEEN = '[ \\u00a0\\u202f.\\-\\u2010-\\u2015\\u200b-\\u200d\\u2060]{1,2}';
const RUN = new RegExp(`(?<![\\p{L}\\p{N}])${DIGIT}+(?:${BETWEEN}${DIGIT}+)*(?![\\p{L}\\p{N}])`, 'gu');
const GROUP = new RegExp(`${DIGIT}+`, 'gu');

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

function maskedText(text: string): string {
  return text.replace(RUN, (run) => {
    const groups = [...run.matchAll(GROUP)].map(({ 0: digits, index }) => ({ digits, index }));
    let masked = run;
    for (let from = 0; from < groups.length; from += 1) {
      const to = cardFrom(
        groups.map(({ digits }) => digits),
        from,
      );
      if (to === null) continue;
      const [first, last] = [groups[from], groups[to]];
      if (first && last) masked = hidden(masked, first.index, last.index + last.digits.length);
      from = to;
    }
    return masked;
  });
}

/** Up to which group a card's number goes that begins at this one; `null`: none does. */
function cardFrom(groups: readonly string[], from: number): number | null {
  let digits = '';
  let found: number | null = null;
  for (let to = from; to < groups.length && digits.length <= LONGEST; to += 1) {
    digits += groups[to]?.normalize('NFKC') ?? '';
    if (isCard(digits)) found = to;
  }
  return found;
}

/** Cards of all schemes in use begin with 2 to 6, which tells them from times and most order numbers. */
function isCard(digits: string): boolean {
  if (digits.length < SHORTEST || digits.length > LONGEST || !/^[2-6]/.test(digits)) return false;
  return luhnSum(digits) % 10 === 0;
}

function luhnSum(digits: string): number {
  return [...digits].toReversed().reduce((sum, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
}

/** Length and separators stay; both alphabets of digits take one code unit each. */
function hidden(text: string, from: number, to: number): string {
  const part = text.slice(from, to);
  let left = [...part.matchAll(/[0-9０-９]/gu)].length - SHOWN;
  const covered = part.replace(/[0-9０-９]/gu, (digit) => (left-- > 0 ? '*' : digit));
  return text.slice(0, from) + covered + text.slice(to);
}
