import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CompiledQuery, sql } from 'kysely';
import { Db } from '../../src/platform/postgres/index.js';
import { dueDeadlines } from '../../src/webhooks/lanes/holder-watch.store.js';
import {
  heldBy,
  machineLag,
  QUICK,
  say,
  startFailOver,
  watches,
  type FailOverStage,
  type Talk,
} from '../support/fail-over.js';
import { ServerProcess } from '../support/process.js';
import { testDatabase, testNats, type TestDatabase } from '../support/servers.js';
import { until } from '../support/until.js';
import { unbound } from '../support/unbound.js';

const NOTE = 'conversation:failedOver';

describe('a holder that rests between two attempts', () => {
  let stage: FailOverStage;
  beforeAll(async () => {
    stage = await startFailOver({}, { settings: { SWITCHBOARD_WEBHOOK_RETRY_DELAYS_MS: '0,60000,60000' } });
    await stage.link(stage.bot, { holderDeadlineSeconds: 2 });
  });
  afterAll(() => stage?.close());

  const delivery = async ({ id }: Talk, words: string) => {
    const { rows } = await stage.sql.query<{ attempts: number; outcome: string | null; wait: number }>(
      `SELECT attempts::int, outcome, extract(epoch FROM next_at - now())::float8 AS wait FROM delivery
       WHERE lane = $1 AND webhook_id = $2 AND body LIKE '%' || $3 || '%'`,
      [id, stage.bot.webhookId, words],
    );
    return rows[0];
  };

  it('R14 is tried once more before its deadline: back by then, it keeps control', async () => {
    const talk = await stage.conversation();
    await until(async () => (await delivery(talk, 'conversation:create'))?.outcome, { what: 'the bot to hear of it' });
    stage.bot.receiver.reply(500);
    await stage.writes(talk, 'back soon?');
    await stage.bot.receiver.next(({ event }) => event.payload.message?.content.text === 'back soon?');
    stage.bot.receiver.reply(200);
    await until(async () => (await delivery(talk, 'back soon?'))?.outcome === 'delivered', { what: 'the last try' });
    await until(async () => (await watches(stage, talk)) === 0, { what: 'the deadline to come' });
    expect(await stage.holder(talk.id)).toBe('bot');
  });

  it('still dead then, it loses control, and its schedule is as it was', async () => {
    const talk = await stage.conversation();
    await until(async () => (await delivery(talk, 'conversation:create'))?.outcome, { what: 'the bot to hear of it' });
    stage.bot.receiver.reply(500);
    await stage.writes(talk, 'for good?');
    await heldBy(stage, talk.id, 'desk');
    const tries = stage.bot.receiver.received.filter(
      ({ event }) => event.payload.message?.content.text === 'for good?',
    );
    expect(tries).toHaveLength(2);
    const left = await delivery(talk, 'for good?');
    expect(left).toMatchObject({ attempts: 1, outcome: null });
    expect(left?.wait).toBeGreaterThan(50);
  });
});

describe('looking for deadlines', () => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await testDatabase();
    db = new Db(database.url);
  });
  afterAll(async () => {
    await db?.close();
    await database?.drop();
  });

  const everywhere = Array.from({ length: 256 }, (_, partition) => partition);

  async function pagesRead(): Promise<number> {
    const { sql: text, parameters } = dueDeadlines(everywhere, 256).compile(db.as('lanes').kysely);
    const explained = CompiledQuery.raw(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, [...parameters]);
    const { rows } = await db
      .as('lanes')
      .kysely.executeQuery<{ 'QUERY PLAN': readonly [{ Plan: Record<string, number> }] }>(explained);
    const plan = rows[0]!['QUERY PLAN'][0].Plan;
    return plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!;
  }

  it('costs what is due, however many are not', async () => {
    const before = await pagesRead();
    await sql`INSERT INTO holder_watch
      SELECT lpad(to_hex(n), 24, '0'), n % 256, 'active', 1, now(), now() + interval '1 hour'
      FROM generate_series(1, 20000) n`.execute(unbound(db));
    await sql`ANALYZE holder_watch`.execute(unbound(db));
    // The index has grown by its root, and a leaf is read to find that nothing is due.
    expect(await pagesRead()).toBeLessThanOrEqual(before + 3);
  });
});

const LEASE_SECONDS = 2;
const DEADLINE_SECONDS = 10;

describe('the process that watches', () => {
  let stage: FailOverStage;
  let lanes: ServerProcess;
  beforeAll(async () => {
    const settings = {
      SWITCHBOARD_MASTER_KEY: '07'.repeat(32),
      SWITCHBOARD_LEASE_SECONDS: String(LEASE_SECONDS),
    };
    stage = await startFailOver({}, { settings: { ...settings, SWITCHBOARD_ROLES: 'api,timers' } });
    lanes = await ServerProcess.start({
      ...QUICK,
      ...settings,
      SWITCHBOARD_ROLES: 'relay,lanes',
      DATABASE_URL: stage.databaseUrl,
      NATS_URL: testNats().url,
    });
  }, 60_000);
  afterAll(async () => {
    await lanes?.kill('SIGKILL');
    await stage?.close();
  });

  it('R14 may be killed: the next one keeps the deadline', async () => {
    const talk = await stage.conversation();
    await stage.writes(talk, 'hi');
    await stage.bot.receiver.next(({ event }) => event.payload.message?.content.text === 'hi');
    await stage.link(stage.bot, { holderDeadlineSeconds: DEADLINE_SECONDS });
    stage.bot.receiver.reply('hang');
    const began = performance.now();
    await stage.writes(talk, 'are you there?');
    await until(async () => (await watches(stage, talk)) > 0, { what: 'the deadline to be written' });
    await lanes.kill('SIGKILL');
    await lanes.restart();
    const back = (performance.now() - began) / 1_000;
    await heldBy(stage, talk.id, 'desk', 25_000);
    const took = (performance.now() - began) / 1_000;
    expect(took).toBeGreaterThanOrEqual(DEADLINE_SECONDS);
    // Leases of the dead run out, and whoever takes them over tries once before they judge.
    expect(took).toBeLessThanOrEqual(Math.max(DEADLINE_SECONDS, back + LEASE_SECONDS + 1) + 1.5);
    expect((await stage.timeline(talk.id)).filter(({ type }) => type === 'holderFailed')).toHaveLength(1);
  }, 60_000);
});

/** R14: conversations whose bot dies while people write. */
const CONVERSATIONS = Number(process.env['SWITCHBOARD_TEST_FAIL_OVERS'] ?? 50);

describe(`${CONVERSATIONS} conversations of one dead bot`, () => {
  let stage: FailOverStage;
  // Attempts that hang keep turns at the endpoint: the next bot is another one.
  beforeEach(async () => {
    stage = await startFailOver();
    await stage.link(stage.bot, { holderDeadlineSeconds: 2 });
  });
  afterEach(() => stage?.close());

  it.each([
    ['hangs', 'hang'],
    ['refuses', 'reset'],
  ] as const)(
    'R14 that %s: each goes on with the next within the deadline and a second, nothing is said twice, late replies are fenced',
    async (_how, behaviour) => {
      const talks = await Promise.all(Array.from({ length: CONVERSATIONS }, () => stage.conversation()));
      await Promise.all(talks.map((talk) => stage.writes(talk, 'hi')));
      const heard = () =>
        new Set(
          stage.bot.receiver.received
            .filter(({ event }) => event.payload.message?.content.text === 'hi')
            .map(({ event }) => event.payload.conversation.id),
        ).size;
      await until(() => heard() === CONVERSATIONS, { timeoutMs: 30_000, what: 'the bot to hear everybody' });

      stage.bot.receiver.reply(behaviour);
      const late = machineLag(stage);
      await chat(talks);
      const lagSeconds = (await late()) / 1_000;
      const answers = await Promise.all(talks.map((talk) => say(stage.bot, talk, 'too late')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([409]));

      const { rows } = await stage.sql.query<{ took: number }>(
        `SELECT extract(epoch FROM f.at - (
                  SELECT min(m.at) FROM event m WHERE m.conversation_id = f.conversation_id AND m.type = 'messageReceived'
                    AND m.seq > (SELECT min(seq) FROM event WHERE conversation_id = f.conversation_id
                                 AND type = 'messageReceived')))::float8 AS took
         FROM event f WHERE f.type = 'holderFailed' AND f.conversation_id = ANY($1)`,
        [talks.map(({ id }) => id)],
      );
      expect(rows).toHaveLength(CONVERSATIONS);
      expect(Math.min(...rows.map(({ took }) => took))).toBeGreaterThanOrEqual(2);
      expect(Math.max(...rows.map(({ took }) => took))).toBeLessThanOrEqual(3 + lagSeconds);

      for (const talk of talks) {
        const said = await stage.transcript(talk);
        expect(said.filter(({ note }) => note === NOTE)).toHaveLength(1);
        const words = said.filter(({ note }) => note === null).map((one) => one.words);
        expect(words).toEqual(['hi', ...words.slice(1).map((_, n) => `still there? ${n}`)]);
      }
    },
    120_000,
  );

  it('that is only busy with the others is not dead, however long the last of them waits for a turn', async () => {
    await stage.link(stage.bot, { holderDeadlineSeconds: null });
    const talks = await Promise.all(Array.from({ length: 4 * CONVERSATIONS }, () => stage.conversation()));
    const heard = (trigger: string) =>
      new Set(
        stage.bot.receiver.received
          .filter(({ event }) => event.type === trigger)
          .map(({ event }) => event.payload.conversation.id),
      ).size;
    const delayMs = 700;
    // Sixteen at a time, and as long again for a busy machine.
    const timeoutMs = 30_000 + (2 * talks.length * delayMs) / 16;
    const everybody = async (trigger: string) =>
      until(() => heard(trigger) === talks.length, { timeoutMs, what: `${trigger} of everybody` });
    await everybody('conversation:create');
    // All of them take two deadlines and more, each a small part of one.
    await stage.link(stage.bot, { holderDeadlineSeconds: 4 });
    stage.bot.receiver.reply({ status: 200, delayMs });
    await Promise.all(talks.map((talk) => stage.writes(talk, 'hi')));
    await everybody('conversation:message');
    const failed = await stage.sql.query(`SELECT FROM event WHERE type = 'holderFailed'`);
    expect(failed.rowCount).toBe(0);
  }, 300_000);

  /** Everybody writes, twice a second, until somebody else is there for them. */
  async function chat(talks: readonly Talk[]): Promise<void> {
    const left = new Map(talks.map((talk) => [talk.id, talk]));
    for (let n = 0; left.size > 0; n++) {
      await Promise.all([...left.values()].map((talk) => stage.writes(talk, `still there? ${n}`)));
      await sleep(500);
      const { rows } = await stage.sql.query<{ id: string }>(
        `SELECT conversation_id AS id FROM event WHERE type = 'holderFailed' AND conversation_id = ANY($1)`,
        [[...left.keys()]],
      );
      for (const { id } of rows) left.delete(id);
    }
  }
});
