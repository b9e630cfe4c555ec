import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { Endings, ENDING_FOR_AN_HOUR } from '../../support/due-timers.js';
import { startStage, type Stage } from '../../support/stage.js';
import { spawnSweeper } from '../../support/sweeper-process.js';
import { until } from '../../support/until.js';

/** At CI count; the deep run sets more. */
const ROUNDS = Number(process.env['TIMER_KILLS'] ?? 15);
const EACH = 400;

describe('timers under processes that die', () => {
  let stage: Stage;
  let endings: Endings;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    stage = await startStage(ENDING_FOR_AN_HOUR);
    endings = await Endings.of(stage);
    for (let i = 0; i < 2; i++) children.push(spawnSweeper(stage.url));
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await stage.close();
  });

  /** Timers that some process has taken and not dealt with. */
  async function claimed(): Promise<number> {
    const { rows } = await stage.sql.query(
      `SELECT count(*)::int AS n FROM pg_locks
       WHERE locktype = 'advisory' AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rows[0].n;
  }

  const allEnded = async (made: number): Promise<boolean> => (await endings.outcome()).ended === made;

  it('are fired once, never early and never lost, wherever between reading and effect a process is killed', async () => {
    let taken = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await endings.make(EACH / 2);
      // Some come due while processes die, and some rows come before their time: those are armed again.
      await endings.make(EACH / 4, 1_500);
      await endings.make(EACH / 4, 1_500, 2_000);
      await until(claimed, { what: 'a process to take timers' });
      await pause(Math.random() * 40);
      taken += await claimed();
      for (const child of children.splice(0, round % 2 === 0 ? 1 : 2)) {
        child.kill('SIGKILL');
        children.push(spawnSweeper(stage.url));
      }
    }
    const made = ROUNDS * EACH;
    await until(() => allEnded(made), { timeoutMs: 30_000, what: 'all timers to have their effect' });
    expect(await endings.outcome()).toEqual({ due: 0, ended: made, twice: 0, early: 0 });
    // The kills hit what they were to hit.
    expect(taken).toBeGreaterThan(ROUNDS * 20);
  }, 180_000);

  it('of processes that stand still are taken over within seconds', async () => {
    const { ended } = await endings.outcome();
    await endings.make(3_000);
    await until(claimed, { what: 'a process to take timers' });
    const still = children.slice();
    for (const child of still) child.kill('SIGSTOP');
    children.push(spawnSweeper(stage.url));
    const began = performance.now();
    await until(() => allEnded(ended + 3_000), { what: 'another to fire all' });
    expect(performance.now() - began).toBeLessThan(15_000);
    for (const child of still) child.kill('SIGCONT');
    await until(async () => (await claimed()) === 0, { what: 'them to notice' });
    expect(await endings.outcome()).toEqual({ due: 0, ended: ended + 3_000, twice: 0, early: 0 });
  }, 60_000);
});
