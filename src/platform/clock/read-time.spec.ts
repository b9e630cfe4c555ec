import { describe, expect, it } from '@jest/globals';
import { readTime, readTimeOrDay } from './read-time.js';

describe('a time in a query', () => {
  it.each(['2026-02-28T10:00:00Z', '2024-02-29T23:59:59.999+02:00', '2026-12-31T00:00Z'])('%s is read', (text) => {
    expect(readTime(text)?.getTime()).toBe(Date.parse(text));
  });

  it.each(['2026-02-30T00:00:00Z', '2025-02-29T00:00:00Z', '2026-04-31T12:00:00+01:00'])(
    '%s is in no calendar',
    (text) => {
      expect(readTime(text)).toBeNull();
      expect(readTimeOrDay(text.slice(0, 10))).toBeNull();
    },
  );

  it.each(['2026-13-01T00:00:00Z', '2026-01-00T00:00:00Z', '2026-01-01T25:00:00Z', '2026-01-01T10:00:00', 'today', ''])(
    '"%s" is no time',
    (text) => {
      expect(readTime(text)).toBeNull();
    },
  );

  it('may be a day where days are asked for', () => {
    expect(readTime('2026-03-01')).toBeNull();
    expect(readTimeOrDay('2026-03-01')).toEqual(new Date('2026-03-01T00:00:00Z'));
  });
});
