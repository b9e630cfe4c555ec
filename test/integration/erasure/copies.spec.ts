import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COPIES } from '../../../src/erasure/index.js';
import { made, startFailOver, type FailOverStage } from '../../support/fail-over.js';
import { tablesWith } from '../../support/tables-with.js';
import { until } from '../../support/until.js';

/** Planted in every field that says who somebody is, and in every field that holds what they said. */
const NAME = 'canaryname';
const WORD = 'canaryword';
/** The business' own id of them: they are found by it for as long as they are there. */
const KEY = 'canarykey';

interface Planted {
  readonly userId: string;
  readonly personal: string;
  readonly group: string;
  readonly left: string;
  readonly messageIds: readonly string[];
}

/**
 * Copies of an end user's words are looked for in every table there is, so that a table that is new cannot be forgotten.
 * One webhook takes what it is sent, one buries it, one does not take it yet.
 */
describe('what is erased', () => {
  let stage: FailOverStage;
  let serial = 0;

  beforeAll(async () => {
    stage = await startFailOver();
    stage.bot.receiver.reply(200);
    stage.agent.receiver.reply(404);
    stage.survey.receiver.reply(500);
    for (const seat of [stage.bot, stage.agent, stage.survey])
      made(
        await stage.app.patch(`/integrations/${seat.integrationId}/webhooks/${seat.webhookId}`, {
          includeFullUser: true,
          includeFullSource: true,
        }),
      );
  });
  afterAll(() => stage?.close());

  const post = async (path: string, body: object) =>
    made(await stage.app.post(path, body, { 'idempotency-key': `plant-${++serial}` }));

  const said = (userId: string) => ({
    author: { type: 'user', userId, displayName: `${NAME} shown`, avatarUrl: `https://example.org/${NAME}` },
    content: { type: 'text', text: `${WORD} said` },
    metadata: { note: `${WORD} noted` },
  });

  async function planted(): Promise<Planted> {
    const { user } = await post('/users', {
      externalId: `${KEY}-${++serial}`,
      profile: {
        givenName: NAME,
        surname: NAME,
        email: `${NAME}@example.org`,
        avatarUrl: `https://example.org/${NAME}`,
        locale: 'de-CH',
      },
      metadata: { nick: NAME },
    });
    const { user: other } = await post('/users', { externalId: `other-${++serial}` });
    const personal = await post('/conversations', { type: 'personal', participants: [{ userId: user.id }] });
    const members = [user, other].map(({ id }) => ({ userId: id as string, subscribeSDKClient: false }));
    const both = { type: 'sdkGroup', participants: members };
    const group = await post('/conversations', both);
    const left = await post('/conversations', { ...both, participants: members.slice(1) });
    await post(`/conversations/${left.conversation.id}/join`, members[0] ?? {});
    const ids = [personal, group, left].map(({ conversation }) => conversation.id as string);
    const messageIds: string[] = [];
    for (const id of ids) messageIds.push((await post(`/conversations/${id}/messages`, said(user.id))).messages[0].id);
    await post(`/conversations/${left.conversation.id}/leave`, { userId: user.id });
    // Webhooks are told of the user too, in a lane of the user's own.
    made(await stage.app.patch(`/users/${user.id}`, { metadata: { called: NAME } }));
    const [, groupId = '', leftId = ''] = ids;
    await handled([...ids, user.id]);
    return { userId: user.id, personal: ids[0] ?? '', group: groupId, left: leftId, messageIds };
  }

  /** Until each webhook did with it what it does: taken, buried, tried in vain. */
  async function handled(ids: readonly string[]): Promise<void> {
    await until(
      async () => {
        const { rows } = await stage.sql.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM delivery d
           WHERE d.lane = ANY($1) AND d.done_at IS NULL AND NOT EXISTS (
             SELECT FROM delivery t WHERE t.lane = d.lane AND t.webhook_id = d.webhook_id AND t.done_at IS NULL
                                      AND t.attempts > 0)`,
          [ids],
        );
        return rows[0]?.n === 0;
      },
      { what: 'the webhooks to be tried' },
    );
  }

  const bodies = async (ids: readonly string[]): Promise<readonly string[]> =>
    (
      await stage.sql.query<{ body: string }>('SELECT body FROM delivery WHERE lane = ANY($1) ORDER BY position', [ids])
    ).rows.map(({ body }) => body);

  it('is where the list of copies says it is, before', async () => {
    await planted();
    const words = [NAME, WORD, KEY].map((word) => tablesWith(stage.sql, word));
    const found = new Set((await Promise.all(words)).flat());
    expect([...found].toSorted()).toEqual(['app_user', 'delivery', 'idempotency', 'message']);
    for (const table of found) expect(Object.keys(COPIES)).toContain(table);
    await stage.sql.query('TRUNCATE app_user, delivery, idempotency, message CASCADE');
  });

  it('as personal information is a name in every copy; who it was and what they said stays', async () => {
    const { userId, personal, group, left } = await planted();
    const before = await bodies([personal, group, left]);
    expect((await stage.app.delete(`/users/${userId}/personalinformation`)).status).toBe(200);
    const after = await bodies([personal, group, left]);
    expect(after).toHaveLength(before.length);
    expect(after.join('\n').split(WORD)).toHaveLength(before.join('\n').split(WORD).length);
    expect(await tablesWith(stage.sql, NAME)).toEqual([]);
    const { messages } = made(await stage.app.get(`/conversations/${personal}/messages`));
    expect(messages[0]).toMatchObject({ author: { type: 'user', userId }, content: { text: `${WORD} said` } });
    await stage.sql.query('TRUNCATE app_user, delivery, idempotency, message, conversation CASCADE');
  });

  it('as one message is its words in every copy', async () => {
    const { personal, group, left, messageIds } = await planted();
    for (const [n, id] of [personal, group, left].entries())
      made(await stage.app.delete(`/conversations/${id}/messages/${messageIds[n]}`));
    expect(await tablesWith(stage.sql, WORD)).toEqual([]);
    await stage.sql.query('TRUNCATE app_user, delivery, idempotency, message, conversation CASCADE');
  });

  it('as all messages of a conversation, or as a conversation, is every word in it', async () => {
    const { userId, personal, group, left } = await planted();
    const second = await post('/conversations', {
      type: 'sdkGroup',
      participants: [{ userId, subscribeSDKClient: false }],
    });
    await post(`/conversations/${second.conversation.id}/messages`, said(userId));
    await handled([second.conversation.id]);
    made(await stage.app.delete(`/conversations/${second.conversation.id}`));
    expect((await bodies([second.conversation.id])).join('\n')).not.toMatch(/canary/);
    for (const id of [personal, group, left]) made(await stage.app.delete(`/conversations/${id}/messages`));
    expect(await tablesWith(stage.sql, WORD)).toEqual([]);
    await stage.sql.query('TRUNCATE app_user, delivery, idempotency, message, conversation CASCADE');
  });

  it('as an end user is everything, also in groups that outlive them', async () => {
    const { userId, group } = await planted();
    made(await stage.app.delete(`/users/${userId}`));
    expect(await tablesWith(stage.sql, NAME)).toEqual([]);
    expect(await tablesWith(stage.sql, WORD)).toEqual([]);
    // That they went is told under the business' own id, and the ends of their sessions are, for two days.
    expect(await tablesWith(stage.sql, KEY)).toEqual(['delivery', 'outbox']);
    const { rows } = await stage.sql.query('SELECT DISTINCT trigger FROM delivery WHERE position($1 IN body) > 0', [
      KEY,
    ]);
    expect(rows).toEqual([{ trigger: 'user:remove' }]);
    const { messages } = made(await stage.app.get(`/conversations/${group}/messages`));
    expect(messages[0]).toMatchObject({ author: { type: 'user' }, content: { text: '' } });
  });
});
