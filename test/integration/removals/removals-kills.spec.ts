import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { noteRemoval } from '../../../src/configuration/index.js';
import type { ConversationId } from '../../../src/kernel/index.js';
import { AppContents } from '../../../src/removals/app-contents.store.js';
import { startStage, userText, type Stage } from '../../support/stage.js';
import { spawnRemover } from '../../support/sweeper-process.js';
import { until } from '../../support/until.js';
import { ofApps } from '../../../src/platform/postgres/index.js';
import { forApps } from '../../support/for-apps.js';

/** At CI count; the deep run sets more. */
const CONVERSATIONS = Number(process.env['SWITCHBOARD_TEST_REMOVALS'] ?? 250);

/** Removals in processes that have nothing else to do, and that die. */
describe('removals under processes that die', () => {
  let stage: Stage;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    stage = await startStage({ endSessionEnabled: true });
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await stage.close();
  });

  /** So many conversations with a live session, which the desk holds. */
  async function held(count: number): Promise<readonly ConversationId[]> {
    const { appId, app, commands, desk } = stage;
    const open = async (): Promise<ConversationId> => {
      const userId = await stage.user();
      const conversationId = await stage.open(userId);
      const errand = { appId, conversationId, by: app, idempotency: null };
      await commands.receive({ ...errand, by: { type: 'user', userId } }, userId, userText(userId));
      await commands.run(errand, { type: 'passControl', by: app, target: desk.id, metadata: null, reason: null });
      return conversationId;
    };
    const ids: ConversationId[] = [];
    while (ids.length < count) ids.push(...(await Promise.all(Array.from({ length: 50 }, open))));
    return ids;
  }

  interface Job {
    readonly settled: number;
    readonly finished: boolean;
    readonly stage: string;
  }

  const jobs = async (): Promise<readonly Job[]> =>
    (
      await stage.sql.query<Job>(
        'SELECT settled::int, stage, finished_at IS NOT NULL AS finished FROM removal ORDER BY id DESC',
      )
    ).rows;

  const newest = async (): Promise<Job> => (await jobs())[0] as Job;

  /** Kills whoever works on it each time it has come further, and lets the lease of the dead run out. */
  async function killedAllTheWay(isFurther: (job: Job, before: Job) => boolean): Promise<number> {
    let kills = 0;
    for (let before = await newest(); !before.finished; before = await newest()) {
      children.push(spawnRemover(stage.url));
      const job = await until(
        async () => {
          const now = await newest();
          return (now.finished || isFurther(now, before)) && now;
        },
        { what: 'the removal to come further' },
      );
      if (job.finished) break;
      for (const child of children.splice(0)) child.kill('SIGKILL');
      kills += 1;
      await stage.sql.query('UPDATE removal SET next_at = now() WHERE finished_at IS NULL');
    }
    return kills;
  }

  it('settle each conversation once, wherever they are killed, and leave out none', async () => {
    const ids = await held(CONVERSATIONS);
    const { appId, desk } = stage;
    await stage.configure('DELETE FROM switchboard_integration WHERE id = $1', desk.id);
    await stage.db
      .within(ofApps([appId]))
      .transaction((tx) =>
        noteRemoval(tx, { appId, kind: 'switchboardIntegration', subject: desk.id, grounds: [desk.id] }),
      );
    const kills = await killedAllTheWay((job, before) => job.settled > before.settled);
    expect(kills).toBeGreaterThan(1);
    const counted = await stage.sql.query('SELECT total::int, looked_at::int, settled::int, failed::int FROM removal');
    expect(counted.rows[0]).toMatchObject({ total: CONVERSATIONS, looked_at: CONVERSATIONS, failed: 0 });
    const { rows } = await stage.sql.query<{ removed: number; held: boolean }>(
      `SELECT (SELECT count(*)::int FROM event e WHERE e.conversation_id = c.id AND e.type = 'holderRemoved') AS removed,
              c.state #>> '{control,active}' = $2 AS held
       FROM conversation c WHERE c.id = ANY($1)`,
      [ids, stage.bot.id],
    );
    expect(rows).toHaveLength(CONVERSATIONS);
    expect(rows.filter(({ removed, held: byDefault }) => removed !== 1 || !byDefault)).toEqual([]);
  }, 120_000);

  it('end each session of a deleted app once, wherever they are killed, and leave nothing of it', async () => {
    const { appId, sql } = stage;
    await sql.query('BEGIN');
    await sql.query('UPDATE app SET removed_at = now(), config_version = config_version + 1 WHERE id = $1', [appId]);
    await sql.query('COMMIT');
    await stage.db
      .within(ofApps([appId]))
      .transaction((tx) => noteRemoval(tx, { appId, kind: 'app', subject: appId, grounds: [] }));
    const ended = () =>
      sql.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM outbox WHERE subject LIKE 'switchboard.v1.session.ended.%' GROUP BY conversation_id`,
      );
    const relay = setInterval(
      () => void sql.query('UPDATE outbox SET published_at = now() WHERE published_at IS NULL'),
      50,
    );
    try {
      await killedAllTheWay((job, before) => job.settled > before.settled || job.stage !== before.stage);
    } finally {
      clearInterval(relay);
    }
    const { rows } = await ended();
    expect(rows).toHaveLength(CONVERSATIONS);
    expect(rows.filter(({ n }) => n !== 1)).toEqual([]);
    const left = await sql.query('SELECT FROM app WHERE id = $1 UNION ALL SELECT FROM conversation WHERE app_id = $1', [
      appId,
    ]);
    expect(left.rowCount).toBe(0);
  }, 120_000);
});

describe('what a deleted app leaves', () => {
  it('is changed by nobody but the house itself, whatever a process still holds for true', async () => {
    const stage = await startStage();
    try {
      const { appId, app, commands, sql } = stage;
      const userId = await stage.user();
      const conversationId = await stage.open(userId);
      const errand = { appId, conversationId, by: app, idempotency: null };
      await commands.receive(errand, userId, userText(userId));
      await sql.query('UPDATE app SET removed_at = now(), config_version = config_version + 1 WHERE id = $1', [appId]);
      const late = [
        commands.receive(errand, userId, userText(userId)),
        commands.run(errand, { type: 'changeDetails', by: app } as never),
        stage.open(userId),
      ];
      for (const one of await Promise.allSettled(late))
        expect(one).toMatchObject({ status: 'rejected', reason: { code: 'app_not_found' } });
      const by = { type: 'system' } as const;
      const ended = await commands.end({ ...errand, by }, null, { via: 'automation', reason: 'app_deleted' });
      expect(ended.decision.ok).toBe(true);
    } finally {
      await stage.close();
    }
  });

  it('stays until the stream has heard of it', async () => {
    const stage = await startStage();
    try {
      const id = await stage.open(await stage.user());
      const contents = new AppContents(forApps(stage.db, stage.appId));
      expect(await contents.eraseConversations(stage.appId, '')).toEqual({ last: id, kept: 1 });
      await stage.sql.query('UPDATE outbox SET published_at = now()');
      expect(await contents.eraseConversations(stage.appId, '')).toEqual({ last: id, kept: 0 });
      expect(await contents.eraseConversations(stage.appId, '')).toEqual({ last: null, kept: 0 });
    } finally {
      await stage.close();
    }
  });
});
