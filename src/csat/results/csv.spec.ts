import { describe, expect, it } from '@jest/globals';
import { csvLine } from './csv.js';

describe('a line of CSV', () => {
  it.each<[readonly (string | number | null)[], string]>([
    [['plain', 5, null, 0, ''], 'plain,5,,0,\r\n'],
    [['a,b', 'say "yes"', 'two\nlines', ' edge '], '"a,b","say ""yes""","two\nlines"," edge "\r\n'],
    [['=1+1', '+1', '-1', '@x', ' =1', '\tx'], `'=1+1,'+1,'-1,'@x,' =1,'\tx\r\n`],
    [['=HYPERLINK("x","y")', -1], `"'=HYPERLINK(""x"",""y"")",-1\r\n`],
  ])('%j', (cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });
});
