import { afterEach, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { CLAIM } from '../../../src/conversation/timers/claims.store.js';
import type { TimersSweep } from '../../../src/conversation/timers/timers.sweep.js';
import { Metrics } from '../../../src/platform/telemetry/index.js';
import { ENDING_FOR_AN_HOUR, Endings, sweepOf, watched } from '../../support/due-timers.js';
import { startStage, type Stage } from '../../support/stage.js';
import { until } from '../../support/until.js';

let stage: Stage;
const sweeps: TimersSweep[] = [];
afterEach(async () => {
  await Promise.all(sweeps.splice(0).map((sweep) => sweep.stop()));
  await stage?.close();
});

function sweepOver(...args: Parameters<typeof sweepOf>): TimersSweep {
  const sweep = sweepOf(...args);
  sweeps.push(sweep);
  return sweep;
}

describe('the sweep of timers', () => {
  it('reads no more pages for what is not due, also with a plan made when the table was empty', async () => {
    stage = await startStage();
    await stage.sql.query(`SET plan_cache_mode = force_generic_plan; PREPARE claim AS ${CLAIM}`);
    await pagesRead(stage.sql);
    await arm(stage.sql, 1_000);
    const few = await pagesRead(stage.sql);
    await arm(stage.sql, 200_000);
    const many = await pagesRead(stage.sql);
    await stage.sql.query('VACUUM ANALYZE timer');
    const known = await pagesRead(stage.sql);
    // A level or two of the index more.
    expect(few).toBeLessThan(10);
    expect(Math.max(many, known)).toBeLessThanOrEqual(few + 3);
  }, 60_000);

  it('ends each session once, however many are due', async () => {
    stage = await startStage(ENDING_FOR_AN_HOUR);
    const endings = await Endings.of(stage);
    await endings.make(1_500);
    await sweepOver(stage).sweep();
    expect(await endings.outcome()).toEqual({ due: 0, ended: 1_500, twice: 0, early: 0 });
  });

  it('that a row sends too early comes back at the deadline, not before', async () => {
    stage = await startStage(ENDING_FOR_AN_HOUR);
    const endings = await Endings.of(stage);
    await endings.make(50, 1_000, 5_000);
    const sweep = sweepOver(stage);
    await sweep.sweep();
    expect(await endings.outcome()).toMatchObject({ due: 50, ended: 0 });
    const ended = async (): Promise<boolean> => {
      await sweep.sweep();
      return (await endings.outcome()).ended === 50;
    };
    await until(ended, { what: 'the deadline' });
    expect(await endings.outcome()).toEqual({ due: 0, ended: 50, twice: 0, early: 0 });
  });

  it('shows what is due and how late, and how late it was done', async () => {
    stage = await startStage(ENDING_FOR_AN_HOUR);
    const endings = await Endings.of(stage);
    await endings.make(40, -90_000);
    const sweep = sweepOver(stage);
    const figure = async (name: string): Promise<number> =>
      Number(new RegExp(`^${name} (.*)$`, 'm').exec((await new Metrics().text()).body)?.[1]);
    const late = await figure('switchboard_timer_lateness_seconds_count');
    expect(await figure('switchboard_timer_due')).toBe(40);
    expect(await figure('switchboard_timer_oldest_seconds')).toBeGreaterThanOrEqual(90);
    await sweep.sweep();
    // A scrape answers with what the last one read, for a second.
    await until(async () => (await figure('switchboard_timer_due')) === 0, { what: 'the next reading' });
    expect(await figure('switchboard_timer_oldest_seconds')).toBe(0);
    expect((await figure('switchboard_timer_lateness_seconds_count')) - (late || 0)).toBe(40);
  });

  it('of two processes leaves each timer to one', async () => {
    stage = await startStage(ENDING_FOR_AN_HOUR);
    const endings = await Endings.of(stage);
    await endings.make(2_000);
    const share = [0, 0];
    const both = share.map((_, index) =>
      sweepOver(
        stage,
        watched(stage, () => void (share[index]! += 1)),
      ),
    );
    await Promise.all(both.map((sweep) => sweep.sweep()));
    const [one, other] = share as [number, number];
    expect(await endings.outcome()).toEqual({ due: 0, ended: 2_000, twice: 0, early: 0 });
    expect(Math.min(one, other)).toBeGreaterThan(200);
    // A row that was read before it went and locked after it is fired in vain.
    expect(one + other).toBeLessThan(2_100);
  });

  it('goes on behind timers that cannot be fired, all due at one instant, and comes back to them', async () => {
    stage = await startStage(ENDING_FOR_AN_HOUR);
    const endings = await Endings.of(stage);
    await endings.make(1_000);
    const { rows } = await stage.sql.query<{ id: string }>(
      'SELECT conversation_id AS id FROM timer WHERE due_at < now() ORDER BY ctid LIMIT 600',
    );
    const poisoned = new Set(rows.map(({ id }) => id));
    let broken = true;
    const commands = watched(stage, (id) => {
      if (broken && poisoned.has(id)) throw new Error('made to fail');
    });
    const sweep = sweepOver(stage, commands);
    for (let turn = 0; turn < 6; turn++) await sweep.sweep();
    expect(await endings.outcome()).toEqual({ due: 600, ended: 400, twice: 0, early: 0 });
    broken = false;
    for (let turn = 0; turn < 2; turn++) await sweep.sweep();
    expect(await endings.outcome()).toEqual({ due: 0, ended: 1_000, twice: 0, early: 0 });
  });
});

/** Timers of nobody, due in an hour and later. */
async function arm(sql: Client, count: number): Promise<void> {
  await sql.query(
    `INSERT INTO timer (id, conversation_id, app_id, kind, subject, due_at)
     SELECT md5(random()::text), md5(i::text), 'app', 'botIdle', i::text, now() + interval '1 hour' + i * interval '1 ms'
     FROM generate_series(1, $1::int) i`,
    [count],
  );
}

/** By the statement as the sweep sends it. */
async function pagesRead(sql: Client): Promise<number> {
  const { rows } = await sql.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE claim (1, '-infinity', '{}', 256)`);
  const { Plan } = rows[0]['QUERY PLAN'][0];
  return Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'];
}
