import { describe, expect, it } from '@jest/globals';
import { isOpen } from './hours.js';

const weekdays = [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '17:00' }));

const MINUTE = 60_000;
/** 00:00 UTC of the first of March 2026, a Sunday. */
const MARCH = 1_772_323_200_000;
const at = (day: number, hour: number, minute = 0): number => MARCH + (((day - 1) * 24 + hour) * 60 + minute) * MINUTE;

describe('opening hours', () => {
  it('a queue without hours is always open, one with none never', () => {
    expect(isOpen(null, at(1, 3))).toBe(true);
    expect(isOpen({ timeZone: 'UTC', open: [] }, at(2, 10))).toBe(false);
  });

  it('begin and end to the minute, Monday first', () => {
    const hours = { timeZone: 'UTC', open: weekdays };
    expect(isOpen(hours, at(2, 9) - 1)).toBe(false);
    expect(isOpen(hours, at(2, 9))).toBe(true);
    expect(isOpen(hours, at(6, 17) - 1)).toBe(true);
    expect(isOpen(hours, at(6, 17))).toBe(false);
    expect(isOpen(hours, at(1, 12))).toBe(false);
    const sundays = { timeZone: 'UTC', open: [{ day: 7, from: '00:00', to: '24:00' }] };
    expect(isOpen(sundays, at(1, 23, 59))).toBe(true);
    expect(isOpen(sundays, at(2, 0))).toBe(false);
  });

  it('follow the clocks of their place through the change to summer time', () => {
    const hours = { timeZone: 'Europe/Berlin', open: [{ day: 5, from: '09:00', to: '17:00' }] };
    expect(isOpen(hours, at(27, 7, 59))).toBe(false);
    expect(isOpen(hours, at(27, 8))).toBe(true);
    expect(isOpen(hours, at(34, 7))).toBe(true);
    expect(isOpen(hours, at(34, 15))).toBe(false);
  });

  it('a day is the day of that place', () => {
    const hours = { timeZone: 'Asia/Tokyo', open: [{ day: 1, from: '00:00', to: '12:00' }] };
    expect(isOpen(hours, at(1, 15, 30))).toBe(true);
    expect(isOpen(hours, at(2, 15, 30))).toBe(false);
  });
});
