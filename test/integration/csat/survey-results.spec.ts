import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Db } from '../../../src/platform/postgres/index.js';
import { newId } from '../../../src/platform/ids.js';
import { startDesk, type Answered, type Desk } from '../../support/desk.js';

let desk: Desk;
let sql: Client;
const mia = newId<string>();
const ben = newId<string>();
const queue = newId<string>();
const MANY = 1_200;

beforeAll(async () => {
  desk = await startDesk();
  sql = new Client(desk.started.app.get(Db).url);
  await sql.connect();
  const day = (n: number): string => `2026-03-0${n}T12:00:00Z`;
  await answered({ agent: mia, team: 'billing', at: day(1), score: 5, comment: '=1+1, "quoted"\nand more' });
  await answered({ agent: mia, team: 'billing', at: day(2), score: 4 });
  await answered({ agent: mia, team: 'sales', at: day(3), score: 1 });
  await answered({ agent: ben, team: 'sales', at: day(3), score: 10, scale: 'nps' });
  await answered({ agent: null, team: null, at: day(4), score: 2 });
}, 60_000);
afterAll(async () => {
  await sql?.end();
  await desk?.close();
});

interface Given {
  readonly agent: string | null;
  readonly team: string | null;
  readonly at: string;
  readonly score: number;
  readonly scale?: string;
  readonly comment?: string;
}

/** A row as an answered survey leaves it; how rows come about is told in `surveys.spec.ts`. */
async function answered({ agent, team, at, score, scale = 'stars5', comment }: Given, app = desk.appId): Promise<void> {
  await sql.query(
    `INSERT INTO survey (id, app_id, conversation_id, session_id, status, kind, channel_hint, ended_by, end_reason,
                         created_at, sent_at, expires_at, answered_at, asking, score, comment, agent_id, team_id, queue_id)
     VALUES ($1, $2, $1, $1, 'answered', 'agent', 'none', 'agent', 'agent_ended', $3, $3, $3, $3, $4, $5, $6, $7, $8, $9)`,
    [newId(), app, at, { scale, words: { locale: 'en' } }, score, comment ?? null, agent, team, queue],
  );
}
const scores = async (query: string): Promise<Answered['body']> => {
  const { status, body } = await desk.app.get(`/csat/scores${query}`);
  expect(status).toBe(200);
  return body.scores;
};

describe('scores', () => {
  it('of all answers, each scale for itself', async () => {
    expect(await scores('')).toEqual([
      {
        scale: 'nps',
        count: 1,
        average: 10,
        distribution: expect.anything(),
        percentSatisfied: 100,
        netPromoterScore: 100,
      },
      {
        scale: 'stars5',
        count: 4,
        average: 3,
        distribution: { 1: 1, 2: 1, 3: 0, 4: 1, 5: 1 },
        percentSatisfied: 50,
        netPromoterScore: null,
      },
    ]);
  });

  it('by agent, team and queue, and those of nobody', async () => {
    const byAgent = await scores('?by=agent');
    expect(byAgent.find(({ agentId }: { agentId: string }) => agentId === mia)).toMatchObject({
      count: 3,
      average: 3.33,
    });
    expect(byAgent.find(({ agentId }: { agentId: string }) => agentId === ben)).toMatchObject({
      scale: 'nps',
      count: 1,
    });
    expect(byAgent.at(-1)).toMatchObject({ agentId: null, count: 1, average: 2 });
    expect((await scores('?by=team')).map((one: { teamId: string; count: number }) => [one.teamId, one.count])).toEqual(
      [
        ['billing', 2],
        ['sales', 1],
        ['sales', 1],
        [null, 1],
      ],
    );
    expect(await scores('?by=queue')).toHaveLength(2);
  });

  it('of a period: from its first moment, to the moment before its end', async () => {
    expect(await scores('?from=2026-03-02T12:00:00Z&to=2026-03-03T12:00:00Z')).toMatchObject([
      { count: 1, average: 4 },
    ]);
    expect(await scores('?from=2026-03-04')).toMatchObject([{ count: 1, average: 2 }]);
    expect(await scores('?from=2027-01-01')).toEqual([]);
  });

  it.each(['?by=planet', '?from=yesterday', '?to=2026-13-01', '?from=2026-03-01T00:00:00', '?from=1&from=2'])(
    'answer 400 to %s',
    async (query) => {
      expect((await desk.app.get(`/csat/scores${query}`)).status).toBe(400);
    },
  );
});

describe('surveys', () => {
  it('are filtered, and a value that none could have is refused', async () => {
    const { surveys } = (await desk.app.get(`/surveys?filter[agentId]=${mia}&filter[status]=answered`)).body;
    // Ids of one millisecond sort by chance.
    expect(surveys.map(({ score }: { score: number }) => score).toSorted()).toEqual([1, 4, 5]);
    expect((await desk.app.get('/surveys?filter[status]=due')).body.surveys).toEqual([]);
    for (const query of ['filter[status]=asked', 'filter[agentId]=mia', 'filter[sessionId]=1']) {
      expect((await desk.app.get(`/surveys?${query}`)).status).toBe(400);
    }
  });

  it('are exported as CSV, all of them, and a comment is no formula', async () => {
    const answer = await desk.app.get('/surveys/export?filter[status]=answered');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const text = answer.body as string;
    expect(text.split('\r\n')[0]).toMatch(/^id,sessionId,conversationId,.*,score,comment,via,/);
    expect(text).toContain(`"'=1+1, ""quoted""\nand more"`);

    const app = (await desk.app.get('')).body.app.id as string;
    await sql.query(
      `INSERT INTO survey (id, app_id, conversation_id, session_id, status, channel_hint, ended_by, end_reason, created_at)
       SELECT lpad(to_hex(n), 24, '0'), $1, lpad('1', 24, '0'), lpad(to_hex(n), 24, '0'), 'suppressed', 'none', 'agent',
              'agent_ended', now() FROM generate_series(1, $2::int) AS n`,
      [app, MANY],
    );
    const all = ((await desk.app.get('/surveys/export?filter[status]=suppressed')).body as string)
      .trimEnd()
      .split('\r\n');
    expect(all).toHaveLength(MANY + 1);
    expect(new Set(all).size).toBe(MANY + 1);
    expect((await desk.app.get('/surveys/export?filter[status]=wrong')).status).toBe(400);
  });
});
