import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DueSurveys } from '../../../src/csat/asking/due-surveys.store.js';
import { startStage, type Stage } from '../../support/stage.js';
import { until } from '../../support/until.js';

const WAITING = 5_000;

describe('the sweep over surveys', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage();
    await stage.sql.query(
      `INSERT INTO survey (id, app_id, conversation_id, session_id, status, channel_hint, ended_by, end_reason, created_at,
                           send_at, sent_at, expires_at, asking)
       SELECT lpad(to_hex(n), 24, '0'), $1, $1, lpad(to_hex(n), 24, '0'), CASE WHEN n % 2 = 0 THEN 'due' ELSE 'sent' END,
              'none', 'agent', 'agent_ended', now(), now() + n * interval '1 minute', now(), now() + n * interval '1 minute', '{}'
       FROM generate_series(1, 2 * $2::int) AS n`,
      [stage.appId, WAITING],
    );
    await stage.sql.query('ANALYZE survey');
  });
  afterAll(() => stage?.close());

  /** Index entries read so far; PostgreSQL tells it a moment later. */
  async function read(index: string): Promise<{ scans: number; entries: number }> {
    const { rows } = await stage.sql.query(
      `SELECT idx_scan::int AS scans, idx_tup_read::int AS entries FROM pg_stat_user_indexes WHERE indexrelname = $1`,
      [index],
    );
    return rows[0];
  }

  it.each([
    ['survey_due', 'asks', (surveys: DueSurveys) => surveys.due(128)],
    ['survey_open', 'closes', (surveys: DueSurveys) => surveys.close(128)],
  ] as const)('by %s reads nothing that is not due when it %s', async (index, _what, sweep) => {
    const before = await read(index);
    for (let i = 0; i < 10; i++) await sweep(new DueSurveys(stage.db));
    const after = await until(
      async () => {
        const now = await read(index);
        return now.scans >= before.scans + 10 && now;
      },
      { what: 'PostgreSQL to tell what was read' },
    );
    expect(after.entries - before.entries).toBe(0);
  });
});
