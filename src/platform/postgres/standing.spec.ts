import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Metrics } from '../telemetry/metrics.js';
import { endsSession, hindranceOf, isOutage, StandbyError } from './outage.js';
import { Standing } from './standing.js';

const stateOf = (code: string, severity = 'ERROR'): Error =>
  Object.assign(new Error(`state ${code}`), { code, severity });

describe('what PostgreSQL answers', () => {
  it.each([
    ['08006', 'away'],
    ['57P01', 'away'],
    ['57P03', 'away'],
    ['25006', 'standby'],
    ['53000', 'exhausted'],
    ['53100', 'exhausted'],
    ['53200', 'exhausted'],
    ['53300', 'exhausted'],
    ['53400', 'exhausted'],
    ['58000', 'exhausted'],
    ['58030', 'exhausted'],
    ['58P01', 'exhausted'],
    ['55P03', 'busy'],
    ['40001', 'busy'],
    ['40P01', 'busy'],
  ])('%s is nobody’s fault: %s', (code, hindrance) => {
    expect(hindranceOf(stateOf(code))).toBe(hindrance);
    expect(isOutage(stateOf(code))).toBe(hindrance !== 'busy');
  });

  it.each(['22001', '22P02', '23505', '23514', '42P01', '54000', '57014', 'XX001', 'P0001'])(
    '%s is a fault of the statement or of the data: to repeat it helps nobody',
    (code) => expect(hindranceOf(stateOf(code))).toBe(null),
  );

  it('is told apart from what its link says', () => {
    expect(hindranceOf(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe('away');
    expect(hindranceOf(new Error('Connection terminated unexpectedly'))).toBe('away');
    expect(hindranceOf(new StandbyError())).toBe('standby');
    expect(hindranceOf(new Error('a bug'))).toBe(null);
    expect(hindranceOf('a word')).toBe(null);
  });

  it('leaves the session alive unless it says otherwise', () => {
    expect(endsSession(stateOf('53100'))).toBe(false);
    expect(endsSession(stateOf('53200', 'FATAL'))).toBe(true);
    expect(endsSession(stateOf('58030', 'PANIC'))).toBe(true);
    expect(endsSession(new Error('Connection terminated unexpectedly'))).toBe(true);
  });
});

describe('how PostgreSQL stands', () => {
  const lines: string[] = [];
  const write = (_: unknown, words: string): void => void lines.push(words);

  beforeEach(() => {
    Logger.overrideLogger({ warn: write, log: write, error: write });
    lines.length = 0;
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is exhausted until nothing has failed for ten seconds, and one line tells the begin and one the end', () => {
    const standing = new Standing();
    for (let n = 0; n < 1_000; n++) standing.notice(stateOf('53100'));
    expect(standing.exhausted).toEqual({ condition: 'disk_full', ofAll: true });
    jest.advanceTimersByTime(9_000);
    standing.notice(stateOf('53100'));
    jest.advanceTimersByTime(9_000);
    expect(standing.exhausted).toMatchObject({ condition: 'disk_full' });
    expect(lines).toHaveLength(1);
    jest.advanceTimersByTime(2_000);
    expect(standing.exhausted).toBe(null);
    expect(lines).toHaveLength(2);
  });

  it('stays good for others when one statement met a limit of its own', () => {
    const standing = new Standing();
    standing.notice(stateOf('53400'));
    expect(standing.exhausted).toEqual({ condition: 'configuration_limit_exceeded', ofAll: false });
  });

  it('counts what failed, by what was wanted', async () => {
    const standing = new Standing();
    standing.notice(stateOf('58030'));
    standing.notice(stateOf('23505'));
    const { body } = await new Metrics().text();
    expect(body).toContain('switchboard_postgres_failures_total{condition="io_error"} 1');
    expect(body).not.toContain('23505');
  });
});
