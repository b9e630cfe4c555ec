import { describe, expect, it } from '@jest/globals';
import { csvLines } from './csv.js';

describe('lines of CSV', () => {
  it.each<[readonly (string | number | null)[], string]>([
    [['plain', 5, null, 0, ''], 'plain,5,,0,\r\n'],
    [
      ['a,b', 'say "yes"', 'two\nlines', 'two\rlines', ' edge '],
      '"a,b","say ""yes""","two\nlines","two\rlines", edge \r\n',
    ],
    [['=HYPERLINK("x","y")', -1], `"'=HYPERLINK(""x"",""y"")",-1\r\n`],
  ])('%j', (cells, lines) => {
    expect(csvLines([cells])).toBe(lines);
  });

  it.each(['=1', '+1', '-1', '@x', '＝1', '＋1', '－1', '＠x', ' =1', '\u00a0＝1', '\n=1', '\tx', '\rx'])(
    '%j is no formula to a spreadsheet',
    (text) => {
      expect(csvLines([[text]]).replace(/^"/, '')).toMatch(/^'/);
    },
  );
});
