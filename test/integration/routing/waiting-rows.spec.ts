import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConversationId, UserId } from '../../../src/kernel/index.js';
import { startFloor, type Floor, type Waiting } from '../../support/floor.js';
import { startRouter, type Router } from '../../support/routers.js';
import { userText } from '../../support/stage.js';

let floor: Floor;
let router: Router;

beforeAll(async () => {
  floor = await startFloor();
  router = startRouter(floor.url);
});
afterAll(async () => {
  await router.close();
  await floor.close();
});

const errand = (conversationId: ConversationId) => ({
  appId: floor.appId,
  conversationId,
  by: floor.app,
  idempotency: null,
});

interface Row {
  readonly session_id: string;
  readonly offered_to: string | null;
  readonly requested_at: Date;
  readonly priority: number;
  readonly tried: readonly string[];
}

const rowOf = async ({ sessionId }: Pick<Waiting, 'sessionId'>): Promise<Row | undefined> =>
  (await floor.sql.query<Row>('SELECT * FROM waiting WHERE session_id = $1', [sessionId])).rows[0];

const writeAgain = async (conversationId: ConversationId, userId: UserId): Promise<Waiting> => {
  const user = { type: 'user', userId } as const;
  await floor.commands.receive({ ...errand(conversationId), by: user }, userId, userText(userId));
  return { conversationId, user, sessionId: (await floor.session(conversationId)).id };
};

describe('the row of a session that waits', () => {
  it('is there while it waits, says who is asked and who said no, and keeps the time of asking', async () => {
    const agent = await floor.hire();
    const waiting = await floor.waiting();
    const first = await rowOf(waiting);
    expect(first).toMatchObject({ offered_to: null, tried: [], priority: 0 });
    await floor.commands.run(errand(waiting.conversationId), { type: 'offerWork', agentId: agent });
    expect(await rowOf(waiting)).toMatchObject({ offered_to: agent });
    await floor.commands.detachAgent(errand(waiting.conversationId), agent);
    expect(await rowOf(waiting)).toMatchObject({
      offered_to: null,
      tried: [agent],
      requested_at: first?.requested_at,
    });
    await floor.commands.end(errand(waiting.conversationId), null, { via: 'api' });
    expect(await rowOf(waiting)).toBeUndefined();
  });

  it('says that whoever was cut off and is back within 15 minutes goes first', async () => {
    const cut = async (reason: 'error' | 'automation'): Promise<number | undefined> => {
      const { conversationId, user } = await floor.waiting();
      await floor.commands.end(errand(conversationId), null, { via: 'api', reason });
      return (await rowOf(await writeAgain(conversationId, user.userId)))?.priority;
    };
    expect(await cut('error')).toBe(1);
    expect(await cut('automation')).toBe(0);
    const { conversationId, user, sessionId } = await floor.waiting();
    await floor.commands.end(errand(conversationId), null, { via: 'api', reason: 'error' });
    await floor.sql.query(`UPDATE session SET ended_at = ended_at - interval '16 minutes' WHERE id = $1`, [sessionId]);
    expect((await rowOf(await writeAgain(conversationId, user.userId)))?.priority).toBe(0);
  });
});

describe('nobody waits for ever (docs/rules.md 6.20)', () => {
  it('T12 a session without its row is put back in its place and offered, a row without its session goes', async () => {
    // With more room than anybody, so asked first.
    const agent = await floor.hire(9);
    const [lost, ended] = [await floor.waiting(), await floor.waiting()];
    const before = await rowOf(lost);
    const stale = await rowOf(ended);
    await floor.commands.end(errand(ended.conversationId), null, { via: 'api' });
    await floor.sql.query('DELETE FROM waiting WHERE session_id = $1', [lost.sessionId]);
    await floor.sql.query('INSERT INTO waiting SELECT * FROM jsonb_populate_record(NULL::waiting, $1)', [
      JSON.stringify(stale),
    ]);
    await router.dispatcher.sweep();
    expect(await rowOf(lost)).toEqual({ ...before, offered_to: agent, work_item_id: expect.any(String) });
    expect(await rowOf(ended)).toBeUndefined();
  });
});
