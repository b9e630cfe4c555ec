import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Turns, type TurnTaker, type TurnLimits } from './turns.js';

const LIMITS: TurnLimits = { atOnce: 3, atOncePerApp: 2, waitingPerCaller: 3, waitingPerApp: 5, waiting: 8 };

/** Names begin with the app; notes who began, in order. */
class Watched {
  readonly begun: string[] = [];
  readonly turns = new Turns(LIMITS);

  enter(name: string, caller = 'key', patient = false): string | null {
    return this.turns.enter(takerOf(name, caller), () => this.begun.push(name), patient);
  }

  end(name: string): void {
    this.turns.end(takerOf(name));
  }
}

const takerOf = (name: string, caller = 'key'): TurnTaker => ({ app: name.charAt(0), caller });

describe('reads', () => {
  it('begin at once while there is room, of which one app never has all', () => {
    const reads = new Watched();
    for (const name of ['a1', 'a2', 'a3', 'b1']) reads.enter(name);
    expect(reads.begun).toEqual(['a1', 'a2', 'b1']);
    reads.end('a1');
    expect(reads.begun).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('take turns by app, and in it by caller', () => {
    const reads = new Watched();
    for (const name of ['x1', 'x2', 'y1']) reads.enter(name);
    for (const name of ['a1', 'a2', 'a3']) reads.enter(name, 'flood');
    reads.enter('a4', 'desk');
    reads.enter('b1');
    for (const name of ['x1', 'x2', 'y1', 'a1', 'b1']) reads.end(name);
    expect(reads.begun.slice(3)).toEqual(['a1', 'b1', 'a4', 'a2']);
  });

  it('are refused beyond the places of the caller, of the app and of all', () => {
    const reads = new Watched();
    for (const name of ['a1', 'a2', 'b1']) reads.enter(name);
    for (const name of ['a3', 'a4', 'a5']) expect(reads.enter(name, 'flood')).toBeNull();
    expect(reads.enter('a6', 'flood')).toBe('caller_full');
    for (const name of ['a7', 'a8']) expect(reads.enter(name, 'desk')).toBeNull();
    expect(reads.enter('a9', 'user')).toBe('app_full');
    for (const name of ['c1', 'd1', 'e1']) expect(reads.enter(name)).toBeNull();
    expect(reads.enter('f1')).toBe('full');
    expect(reads.enter('a9', 'export', true)).toBeNull();
  });

  it('keep the order of each caller and the bounds over any history, and nobody waits beside room they may have', () => {
    const step = fc.record({ ends: fc.boolean(), app: fc.nat(2), caller: fc.nat(2), which: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const reads = new Watched();
        const waiting: { name: string; caller: string }[] = [];
        const running: string[] = [];
        let seen = 0;
        steps.forEach(({ ends, app, caller, which }, at) => {
          if (ends && running.length > 0) reads.end(running.splice(which % running.length, 1)[0] ?? '');
          else if (!ends) {
            const one = { name: `${'abc'.charAt(app)}${at}`, caller: String(caller) };
            if (reads.enter(one.name, one.caller) === null) waiting.push(one);
          }
          for (; seen < reads.begun.length; seen += 1) {
            const name = reads.begun[seen] ?? '';
            const place = waiting.findIndex((one) => one.name === name);
            const [one] = waiting.splice(place, 1);
            const before = waiting.slice(0, place).filter((other) => other.name[0] === name[0]);
            expect(before.filter((other) => other.caller === one?.caller)).toEqual([]);
            running.push(name);
          }
          const ofApp = (id: string): number => running.filter((name) => name.startsWith(id)).length;
          expect(running.length).toBeLessThanOrEqual(LIMITS.atOnce);
          for (const id of 'abc') expect(ofApp(id)).toBeLessThanOrEqual(LIMITS.atOncePerApp);
          expect(reads.turns.waiting).toBe(waiting.length);
          // Nobody waits beside room that they may have.
          const mayBegin = waiting.some(({ name }) => ofApp(name.charAt(0)) < LIMITS.atOncePerApp);
          expect(mayBegin && running.length < LIMITS.atOnce).toBe(false);
        });
      }),
      { numRuns: 500 },
    );
  });
});
