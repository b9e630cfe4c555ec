import { stringify } from 'csv-stringify/sync';

/**
 * Lines of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe in front, whatever
 * width its sign has and whatever blanks stand before it: comments are written by strangers.
 */
export const csvLines = (rows: readonly (readonly (string | number | null)[])[]): string =>
  stringify(
    rows.map((row) => row.map(harmless)),
    { escape_formulas: true, record_delimiter: 'windows', quoted_match: LINE_BREAK },
  );

/** Spreadsheets read a file without it in the code page of the machine. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** The library quotes only the line break that it writes itself. */
const LINE_BREAK = [/[\r\n]/];

/** The library looks at the first character only. */
const harmless = <T extends string | number | null>(cell: T): T | string =>
  typeof cell === 'string' && /^\s+[=+\-@＝＋－＠]/u.test(cell) ? `'${cell}` : cell;
