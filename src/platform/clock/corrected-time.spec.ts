import { beforeEach, describe, expect, it } from '@jest/globals';
import { CorrectedTime } from './corrected-time.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('the time of another clock', () => {
  let wall: number;
  let steady: number;
  let time: CorrectedTime;
  /** What the other clock would show now. */
  let theirs: number;

  beforeEach(() => {
    wall = Date.parse('2026-03-01T10:00:00Z');
    theirs = wall;
    steady = 5_000;
    time = new CorrectedTime({ wall: () => wall, steady: () => steady });
  });

  const pass = (ms: number): void => {
    wall += ms;
    steady += ms;
    theirs += ms;
  };
  /** Asks now, and has the answer after `there` and `back`. */
  const look = (there = 0, back = there) => {
    const asked = steady;
    pass(there);
    const said = theirs;
    pass(back);
    return { asked, answered: steady, theirs: said };
  };

  it('is the time of day here until somebody looked', () => {
    expect([time.now(), time.offset(), time.differs]).toEqual([wall, null, false]);
    time.take([]);
    expect([time.now(), time.offset()]).toEqual([wall, null]);
  });

  it.each([10 * MINUTE, -10 * MINUTE, 0])('is right where the other clock is %d ms ahead', (ahead) => {
    theirs += ahead;
    time.take([look()]);
    pass(25 * SECOND);
    expect([time.now(), time.offset()]).toEqual([theirs, ahead]);
  });

  it('counts half of the way there and back for the answer', () => {
    theirs += MINUTE;
    time.take([look(40)]);
    expect([time.now(), time.offset()]).toEqual([theirs, MINUTE]);
  });

  it('follows the quickest of several looks', () => {
    theirs += MINUTE;
    time.take([look(0, 900), look(2), look(700, 0)]);
    expect(time.offset()).toBe(MINUTE);
  });

  it('goes on evenly when the time of day here is set', () => {
    time.take([look()]);
    wall -= 10 * MINUTE;
    pass(SECOND);
    expect([time.now(), time.offset(), time.hasMoved]).toEqual([theirs, 10 * MINUTE, true]);
    time.take([look()]);
    expect([time.now(), time.hasMoved]).toEqual([theirs, false]);
  });

  it('notices that the machine slept, and follows the next look', () => {
    time.take([look()]);
    wall += MINUTE;
    theirs += MINUTE;
    expect(time.hasMoved).toBe(true);
    time.take([look()]);
    expect([time.now(), time.hasMoved]).toEqual([theirs, false]);
  });

  it('does not believe an answer that took long, where there was a better one', () => {
    theirs += MINUTE;
    time.take([look()]);
    time.take([look(0, 8 * SECOND)]);
    expect(time.offset()).toBe(MINUTE);
  });

  it('differs above two seconds, and agrees again below one', () => {
    const told = (ahead: number): boolean => {
      theirs = wall + ahead;
      time.take([look()]);
      return time.differs;
    };
    expect([2_000, 2_001, 1_500, -1_001, 1_000, 1_500, -2_001].map(told)).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it('does not differ by what the way of the answer may explain', () => {
    theirs += 2_500;
    time.take([look(900)]);
    expect(time.differs).toBe(false);
    time.take([look(100)]);
    expect(time.differs).toBe(true);
  });
});
