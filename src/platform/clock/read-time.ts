const TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;

/** A time of ISO 8601 with a zone, as a query writes it. `null`: it is none, or a day that no calendar has. */
export const readTime = (text: string): Date | null => read(text, TIME.exec(text));

/** As `readTime`, or a day such as `2026-03-01`: its first moment in UTC. */
export const readTimeOrDay = (text: string): Date | null => read(text, TIME.exec(text) ?? DAY.exec(text));

function read(text: string, found: RegExpExecArray | null): Date | null {
  if (found === null) return null;
  const [, year, month, day] = found.map(Number) as [number, number, number, number];
  const time = new Date(text);
  // `Date` itself reads 30 February as 2 March.
  return Number.isNaN(time.getTime()) || day > daysIn(year, month) ? null : time;
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
