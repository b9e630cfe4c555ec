import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Db } from '../../../src/platform/postgres/index.js';
import { startDesk, type Answered, type Caller, type Desk } from '../../support/desk.js';

type Json = Answered['body'];

let desk: Desk;
let sql: Client;
beforeAll(async () => {
  desk = await startDesk({ settings: { multiConvoEnabled: false } });
  sql = new Client(desk.started.app.get(Db).url);
  await sql.connect();
}, 60_000);
afterAll(async () => {
  await sql?.end();
  await desk?.close();
});

async function good(answer: Promise<Answered>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Settings as an app has them that saved them before they were refused. */
async function had(reopenWithinSeconds: number | null): Promise<void> {
  await sql.query(
    `UPDATE app SET settings = settings || jsonb_build_object('reopenWithinSeconds', $2::int),
                    config_version = config_version + 1 WHERE id = $1`,
    [desk.appId, reopenWithinSeconds],
  );
}
const say = (user: Caller, id: string): Promise<Answered> =>
  user.post(`/conversations/${id}/messages`, { content: { type: 'text', text: 'help' } });

/** A user whose only conversation has ended. */
async function ended(): Promise<{ readonly id: string; readonly userId: string; readonly user: Caller }> {
  const { id, userId, externalId } = await desk.conversation();
  const user = desk.user(externalId);
  await good(say(user, id));
  const [session] = (await good(desk.app.get(`/sessions?filter[userId]=${userId}`))).sessions;
  await good(desk.app.post(`/sessions/${session.id}/end`));
  return { id, userId, user };
}
const shown = async (id: string): Promise<Json> => (await good(desk.app.get(`/conversations/${id}`))).conversation;

describe('an end user who can write no more in their only conversation, with multi-conversations off', () => {
  it.each([
    ['at its end', 0],
    ['once its window is over', 1],
  ])('begins another (%s), which is the default one then', async (_when, window) => {
    await had(window);
    const { id, user } = await ended();
    await sql.query(
      `UPDATE conversation SET state = jsonb_set(state, '{session,endedAt}', '1000') WHERE id = $1 AND $2::int > 0`,
      [id, window],
    );
    const refused = await say(user, id);
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'conversation_ended']);
    expect(refused.body.errors[0].newConversationAllowed).toBe(true);
    expect(await shown(id)).toMatchObject({ isDefault: true, canReply: false, newConversationAllowed: true });

    const { conversation } = await good(user.post('/conversations', {}));
    expect(conversation).toMatchObject({ isDefault: true, canReply: true, newConversationAllowed: false });
    await good(say(user, conversation.id));
    expect(await shown(id)).toMatchObject({ isDefault: false, canReply: false, newConversationAllowed: false });
    expect(await shown(conversation.id)).toMatchObject({ isDefault: true, canReply: true });

    // Nor does the old one send them where they may not go.
    const again = await say(user, id);
    expect([again.status, again.body.errors[0].newConversationAllowed]).toEqual([409, false]);
    expect((await user.post('/conversations', {})).status).toBe(400);
  });

  it('begins another where no message fits any more, and not while one does', async () => {
    await had(null);
    const { id, externalId } = await desk.conversation();
    const user = desk.user(externalId);
    await good(say(user, id));
    const holds = (messages: number): Promise<unknown> =>
      sql.query(`UPDATE conversation SET state = jsonb_set(state, '{messageCount}', $2::text::jsonb) WHERE id = $1`, [
        id,
        String(messages),
      ]);
    await holds(29_999);
    expect(await shown(id)).toMatchObject({ canReply: true, newConversationAllowed: false });
    expect((await user.post('/conversations', {})).status).toBe(400);

    await good(say(user, id));
    expect((await say(user, id)).status).toBe(423);
    expect(await shown(id)).toMatchObject({ isDefault: true, canReply: false, newConversationAllowed: true });

    const { conversation } = await good(user.post('/conversations', {}));
    expect(conversation).toMatchObject({ isDefault: true, canReply: true, newConversationAllowed: false });
    await good(say(user, conversation.id));
    expect(await shown(id)).toMatchObject({ isDefault: false, canReply: false, newConversationAllowed: false });
    expect((await user.post('/conversations', {})).status).toBe(400);
  });

  it('begins one of them, however many are asked for at once, by the user and by the app', async () => {
    await had(0);
    const { userId, user } = await ended();
    const body = { type: 'personal', participants: [{ userId }] };
    const asked = [0, 1, 2].flatMap(() => [user.post('/conversations', {}), desk.app.post('/conversations', body)]);
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([201, 400, 400, 400, 400, 400]);
    const { conversations } = await good(desk.app.get(`/conversations?filter[userId]=${userId}`));
    expect(conversations.filter(({ isDefault }: Json) => isDefault)).toHaveLength(1);
  });

  it('stays where they are while it is open to them', async () => {
    await had(null);
    const { id, user } = await ended();
    expect(await shown(id)).toMatchObject({ canReply: true, newConversationAllowed: false });
    expect((await user.post('/conversations', {})).status).toBe(400);
    await good(say(user, id));
  });
});

describe('an app that has such settings already', () => {
  it('keeps them and can change others, and is refused new ones', async () => {
    await had(0);
    await good(desk.app.patch('', { settings: { endingMaxSeconds: 60 } }));
    const refused = await desk.app.patch('', { settings: { reopenWithinSeconds: 60 } });
    expect([refused.status, refused.body.errors[0].code]).toEqual([422, 'requires_multi_conversations']);
  });
});
