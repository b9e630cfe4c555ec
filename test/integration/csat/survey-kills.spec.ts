import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { Client } from 'pg';
import { defaultCsat } from '../../../src/configuration/index.js';
import { askingOf } from '../../../src/csat/asking/asking.js';
import type { ConversationId } from '../../../src/kernel/index.js';
import { newId } from '../../../src/platform/ids.js';
import { startStage, userText, type Stage } from '../../support/stage.js';
import { surveyor } from '../../support/surveyor.js';
import { spawnSurveyor } from '../../support/sweeper-process.js';
import { until } from '../../support/until.js';

/** At CI count; the deep run sets more. */
const ROUNDS = Number(process.env['SURVEY_KILLS'] ?? 4);
const EACH = 150;
const SOON = `clock_timestamp() + random() * interval '1.5 seconds'`;

/** Two processes ask, and one of them dies in the middle of it, again and again. */
describe('surveys that wait, under processes that die', () => {
  let stage: Stage;
  let template: ConversationId;
  let made = 0;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    stage = await startStage();
    const userId = await stage.user();
    template = await stage.open(userId);
    const errand = {
      appId: stage.appId,
      conversationId: template,
      by: { type: 'user', userId },
      idempotency: null,
    } as const;
    await stage.commands.receive(errand, userId, userText(userId));
    await stage.commands.end({ ...errand, by: stage.app }, null, { via: 'api' });
    await stage.sql.query(
      `INSERT INTO survey (id, app_id, conversation_id, session_id, user_id, status, channel_hint, ended_by, end_reason,
                           created_at, send_at, asking)
       SELECT $1, app_id, conversation_id, id, user_id, 'due', 'in_channel', 'agent', 'agent_ended', now(), 'infinity', $2
       FROM session WHERE conversation_id = $3`,
      [newId(), JSON.stringify(askingOf(defaultCsat, null)), template],
    );
    for (let i = 0; i < 2; i++) children.push(spawnSurveyor(stage.url));
  }, 60_000);

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await stage?.close();
  });

  /** Conversations like the template, each with a survey: some are due at once, some come due while processes die. */
  async function make(count: number, sendAt = SOON): Promise<void> {
    const copies = [template, made + 1, (made += count)];
    await stage.sql.query(
      `INSERT INTO conversation SELECT copy.*
       FROM conversation c, generate_series($2::int, $3::int) AS n,
            jsonb_populate_record(c, jsonb_build_object('id', 'c' || lpad(to_hex(n), 23, '0'), 'is_default', false)) AS copy
       WHERE c.id = $1`,
      copies,
    );
    await stage.sql.query(
      `INSERT INTO survey SELECT copy.*
       FROM survey s, generate_series($2::int, $3::int) AS n,
            jsonb_populate_record(s, jsonb_build_object(
              'id', 'a' || lpad(to_hex(n), 23, '0'), 'conversation_id', 'c' || lpad(to_hex(n), 23, '0'),
              'session_id', 'b' || lpad(to_hex(n), 23, '0'),
              'send_at', ${sendAt})) AS copy
       WHERE s.conversation_id = $1`,
      copies,
    );
  }

  async function outcome(): Promise<Record<'due' | 'sent' | 'events' | 'forms' | 'early' | 'astray', number>> {
    const { rows } = await stage.sql.query(
      `SELECT count(*) FILTER (WHERE s.status = 'due')::int AS due, count(*) FILTER (WHERE s.status = 'sent')::int AS sent,
              (SELECT count(*)::int FROM event WHERE type = 'surveyPosted') AS events,
              (SELECT count(*)::int FROM message WHERE body -> 'content' ->> 'type' = 'form') AS forms,
              count(*) FILTER (WHERE s.sent_at < date_trunc('milliseconds', s.send_at))::int AS early,
              count(*) FILTER (WHERE s.status = 'sent' AND NOT EXISTS (
                SELECT FROM message m WHERE m.conversation_id = s.conversation_id AND m.id = s.form_id))::int AS astray
       FROM survey s WHERE s.conversation_id <> $1`,
      [template],
    );
    return rows[0];
  }

  /** Resolves when somebody is in the middle of asking, in a conversation that is locked here until they are let go. */
  async function held(round: number): Promise<{ letGo(): Promise<void> }> {
    const holder = new Client({ connectionString: stage.url });
    await holder.connect();
    await holder.query('BEGIN');
    await make(1, `timestamptz 'infinity'`);
    const name = made.toString(16).padStart(23, '0');
    await holder.query('SELECT FROM conversation WHERE id = $1 FOR UPDATE', [`c${name}`]);
    await stage.sql.query('UPDATE survey SET send_at = clock_timestamp() WHERE id = $1', [`a${name}`]);
    const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const waiting = async (): Promise<boolean> =>
      (await stage.sql.query('SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))', [rows[0]?.pid]))
        .rows.length > 0;
    await until(waiting, { what: `somebody to be asking, in round ${round}` });
    return { letGo: () => holder.end() };
  }

  it('are asked once each, never early and never lost', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const before = await outcome();
      await make(EACH);
      await until(async () => (await outcome()).sent > before.sent, { what: 'some to be asked' });
      const inTheMiddle = await held(round);
      for (const child of children.splice(0, 1 + (round % 2))) {
        child.kill('SIGKILL');
        children.push(spawnSurveyor(stage.url));
      }
      await inTheMiddle.letGo();
    }
    await until(async () => (await outcome()).due === 0, { timeoutMs: 30_000, what: 'all to be asked' });
    expect(await outcome()).toEqual({ due: 0, sent: made, events: made, forms: made, early: 0, astray: 0 });
  }, 180_000);

  it('are asked once each by processes that ask at the same moment', async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    const surveyors = Array.from({ length: 3 }, () => surveyor(stage.url));
    try {
      for (let round = 0; round < 3; round++) {
        await make(EACH);
        await stage.sql.query(
          `UPDATE survey SET send_at = clock_timestamp() WHERE status = 'due' AND send_at <> 'infinity'`,
        );
        await Promise.all(surveyors.map(({ sweep }) => sweep.sweep()));
      }
    } finally {
      await Promise.all(surveyors.map((one) => one.close()));
    }
    expect(await outcome()).toEqual({ due: 0, sent: made, events: made, forms: made, early: 0, astray: 0 });
  }, 60_000);
});
