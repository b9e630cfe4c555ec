import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDesk, text, userText, type Answered, type Desk } from '../../support/desk.js';
import { violations } from '../../support/facts.js';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk({
    settings: { endSessionEnabled: true, disableConversationReopen: true, onEnd: { agent: 'pass:survey' } },
  });
}, 60_000);
afterAll(() => desk?.close());

const codeOf = ({ status, body }: Answered): unknown[] => [status, body.errors?.[0]?.code];
const at = (id: string, more = ''): string => `/conversations/${id}${more}`;

describe('conversations', () => {
  it('the first personal one of a user is the default one and cannot be deleted', async () => {
    const { id, userId } = await desk.conversation();
    const first = (await desk.app.get(at(id))).body.conversation;
    expect(first).toMatchObject({ isDefault: true, type: 'personal', metadata: {} });
    const refused = await desk.app.delete(at(id));
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0].title).toBe(`Conversation ${id} cannot be deleted because it is the default.`);

    const second = await desk.app.post('/conversations', { type: 'personal', participants: [{ userId }] });
    expect(second.body.conversation.isDefault).toBe(false);
    expect(violations('POST', `/v2/apps/${desk.appId}/conversations`, second.status, second.body)).toEqual([]);
    expect((await desk.app.delete(at(second.body.conversation.id))).body).toEqual({});
    expect(codeOf(await desk.app.get(at(second.body.conversation.id)))).toEqual([404, 'conversation_not_found']);
  });

  it.each([
    [{ type: 'personal' }],
    [{ type: 'personal', participants: [] }],
    [{ type: 'personal', participants: [{ userId: 'a' }, { userId: 'b' }] }],
    [{ type: 'personal', participants: [{}] }],
    [{ type: 'sdkGroup', participants: Array.from({ length: 11 }, () => ({ userExternalId: 'x' })) }],
    [{ type: 'club' }],
  ])('%j is refused', async (body) => {
    expect(codeOf(await desk.app.post('/conversations', body))).toEqual([400, 'bad_request']);
  });

  it('an unknown participant is a 404', async () => {
    const body = { type: 'personal', participants: [{ userExternalId: 'nobody' }] };
    expect(codeOf(await desk.app.post('/conversations', body))).toEqual([404, 'user_not_found']);
  });

  it('are listed by one user, and only with one way to name them', async () => {
    const { userId, externalId, id } = await desk.conversation();
    for (const filter of [`filter[userId]=${userId}`, `filter[userExternalId]=${externalId}`]) {
      const { body } = await desk.app.get(`/conversations?${filter}`);
      expect(body.conversations.map((one: { id: string }) => one.id)).toEqual([id]);
      expect(body.meta).toEqual({ hasMore: false });
    }
    expect((await desk.app.get('/conversations')).status).toBe(400);
    expect((await desk.app.get(`/conversations?filter[userId]=a&filter[userExternalId]=b`)).status).toBe(400);
    expect(codeOf(await desk.app.get('/conversations?filter[userId]=a'))).toEqual([404, 'user_not_found']);
  });

  it('merge metadata: keys are set, null removes one, null clears all', async () => {
    const { id } = await desk.conversation();
    await desk.app.patch(at(id), { metadata: { a: 1, b: 'x' }, displayName: 'Ana' });
    const merged = await desk.app.patch(at(id), { metadata: { b: null, c: true } });
    expect(merged.body.conversation).toMatchObject({ metadata: { a: 1, c: true }, displayName: 'Ana' });
    expect((await desk.app.patch(at(id), { metadata: null })).body.conversation.metadata).toEqual({});
    expect((await desk.app.patch(at(id), { displayName: null })).body.conversation).not.toHaveProperty('displayName');
    expect((await desk.app.patch(at(id), { metadata: { a: [] } })).status).toBe(400);
  });
});

describe('messages', () => {
  it('come in pages of 100, newest page first, oldest first inside', async () => {
    const { id, userId } = await desk.conversation();
    for (let n = 0; n < 105; n++) await desk.app.post(at(id, '/messages'), userText(userId, `${n}`));
    const newest = (await desk.app.get(at(id, '/messages'))).body;
    const words = ({ messages }: Answered['body']) =>
      messages.map((one: { content: { text: string } }) => Number(one.content.text));
    expect(words(newest)).toEqual(Array.from({ length: 100 }, (_, n) => n + 5));
    expect(newest.meta.hasMore).toBe(true);
    const older = (await desk.app.get(at(id, `/messages?page[before]=${newest.meta.beforeCursor}`))).body;
    expect(words(older)).toEqual([0, 1, 2, 3, 4]);
    expect(older.meta.hasMore).toBe(false);
    expect(newest.messages[0].author).toEqual({ type: 'user', userId, displayName: 'Ana Lima' });
    expect(violations('GET', `/v2/apps/${desk.appId}${at(id, '/messages')}`, 200, newest)).toEqual([]);
  }, 60_000);

  it('can be deleted, one or all', async () => {
    const { id, userId } = await desk.conversation();
    const one = (await desk.app.post(at(id, '/messages'), userText(userId, 'a'))).body.messages[0];
    await desk.app.post(at(id, '/messages'), userText(userId, 'b'));
    expect((await desk.app.delete(at(id, `/messages/${one.id}`))).body).toEqual({});
    expect(codeOf(await desk.app.delete(at(id, `/messages/${one.id}`)))).toEqual([404, 'not_found']);
    expect((await desk.app.delete(at(id, '/messages'))).body).toEqual({});
    expect((await desk.app.get(at(id, '/messages'))).body.messages).toEqual([]);
  });

  it('are stored once under one idempotency key', async () => {
    const { id } = await desk.conversation();
    const key = { 'idempotency-key': `once-${id}` };
    const first = await desk.app.post(at(id, '/messages'), text('once'), key);
    const again = await desk.app.post(at(id, '/messages'), text('once'), key);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect((await desk.app.post(at(id, '/messages'), text('twice'), key)).status).toBe(422);
    expect((await desk.app.get(at(id, '/messages'))).body.messages).toHaveLength(1);
  });

  it('are counted as unread until their reader reads', async () => {
    const { id, userId } = await desk.conversation();
    await desk.app.post(at(id, '/messages'), text('a'));
    await desk.app.post(at(id, '/messages'), text('b'));
    const unread = async () => (await desk.app.get(at(id, '/participants'))).body.participants[0].unreadCount;
    expect(await unread()).toBe(2);
    const read = { author: { type: 'user', userId }, type: 'conversation:read' };
    expect((await desk.app.post(at(id, '/activity'), read)).body).toEqual({});
    expect(await unread()).toBe(0);
    expect((await desk.app.get(at(id))).body.conversation).not.toHaveProperty('businessLastRead');
    await desk.app.post(at(id, '/activity'), { author: { type: 'business' }, type: 'conversation:read' });
    expect((await desk.app.get(at(id))).body.conversation).toHaveProperty('businessLastRead');
    const typing = { author: { type: 'user', userId }, type: 'typing:start' };
    expect((await desk.app.post(at(id, '/activity'), typing)).status).toBe(400);
    expect((await desk.app.post(at(id, '/activity'), { ...typing, author: { type: 'business' } })).body).toEqual({});
  });
});

describe('end users', () => {
  it('open, write, read, end, and find the note last; a repeat answers the stored result', async () => {
    const ana = desk.user(`ana-${Date.now()}`);
    expect((await ana.get('/conversations')).body.conversations).toEqual([]);
    const opened = await ana.post('/conversations', {});
    expect(opened.status).toBe(201);
    const { id } = opened.body.conversation;
    const sent = await ana.post(at(id, '/messages'), { content: { type: 'text', text: 'hi' } });
    expect(sent.status).toBe(201);
    expect(sent.body.messages[0].source).toEqual({ type: 'web' });

    expect(codeOf(await ana.post(at(id, '/end'), {}))).toEqual([422, 'confirmation_required']);
    const ended = await ana.post(at(id, '/end'), { confirmed: true });
    expect(ended.status).toBe(200);
    expect(ended.body.session).toMatchObject({ status: 'ENDED', endReason: 'end_user_ended' });
    const again = await ana.post(at(id, '/end'), { confirmed: true });
    expect([again.status, again.body]).toEqual([200, ended.body]);
    const late = await ana.post(at(id, '/messages'), { content: { type: 'text', text: 'one more' } });
    expect(codeOf(late)).toEqual([409, 'conversation_ended']);
    expect(late.body.errors[0].newConversationAllowed).toBe(true);
    const note = (await ana.get(at(id, '/messages'))).body.messages.at(-1);
    expect(note).toMatchObject({
      author: { type: 'business', subtypes: ['activity'] },
      activity: { type: 'conversation:endedByUser' },
    });
  });

  it('reach only what is theirs', async () => {
    const { id } = await desk.conversation();
    const eve = desk.user(`eve-${Date.now()}`);
    await eve.post('/conversations', {});
    expect((await eve.get(at(id, '/messages'))).status).toBe(404);
    const message = { content: { type: 'text', text: 'hi' } };
    expect((await eve.post(at(id, '/messages'), message)).status).toBe(404);
    expect((await eve.post(at(id, '/end'), { confirmed: true })).status).toBe(404);
    expect((await desk.bot.call.get(at(id))).status).toBe(200);
  });

  it('have one default conversation when their first contacts come at once', async () => {
    const rush = desk.user(`rush-${Date.now()}`);
    const opened = await Promise.all(Array.from({ length: 8 }, () => rush.post('/conversations', {})));
    expect(opened.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(opened.filter(({ body }) => body.conversation.isDefault)).toHaveLength(1);
  });
});

describe('sessions', () => {
  it('are listed by status and user, and end by the key: in pass mode only once the survey bot releases', async () => {
    const { id, userId } = await desk.conversation();
    await desk.app.post(at(id, '/messages'), userText(userId, 'hi'));
    await desk.app.post(at(id, '/passControl'), { switchboardIntegration: 'desk' });
    const listed = (await desk.app.get(`/sessions?filter[userId]=${userId}&filter[status]=ACTIVE`)).body.sessions;
    expect(listed).toHaveLength(1);
    const session = `/sessions/${listed[0].id}`;
    expect(listed[0].messages.endUser).toBe(1);

    expect(codeOf(await desk.survey.call.post(`${session}/end`))).toEqual([403, 'forbidden']);
    const asked = await desk.agent.call.post(`${session}/end`);
    expect([asked.status, asked.body.session.status]).toEqual([200, 'ENDING']);
    expect((await desk.app.get(at(id))).body.conversation.activeSwitchboardIntegration.name).toBe('survey');
    expect((await desk.survey.call.post(at(id, '/releaseControl'))).status).toBe(200);
    const over = (await desk.app.get(session)).body.session;
    expect(over).toMatchObject({ status: 'ENDED', endReason: 'agent_ended', endedBy: { type: 'agent' } });
    expect((await desk.app.post(`${session}/end`)).body.session).toEqual(over);
    expect(codeOf(await desk.app.get('/sessions/0123456789abcdef01234567'))).toEqual([404, 'session_not_found']);
    expect((await desk.app.get('/sessions?filter[status]=BORED')).status).toBe(400);
  });
});

describe('a formatted message', () => {
  it('is safe HTML and plain text, whoever writes it and however', async () => {
    const { id, userId, externalId } = await desk.conversation();
    const path = at(id, '/messages');
    const htmlText = '<p onclick="steal()">Hello <b>you</b></p><script>steal()</script>';
    const safe = { type: 'text', htmlText: '<p>Hello <b>you</b></p>', text: 'Hello you' };
    const user = desk.user(externalId);
    const answers = [
      await desk.app.post(path, { author: { type: 'user', userId }, content: { type: 'text', htmlText } }),
      await desk.bot.call.post(path, { author: { type: 'business' }, content: { type: 'text', htmlText } }),
      await user.post(path, { content: { type: 'text', markdownText: 'Hello <b>you</b>\n<script>steal()</script>' } }),
    ];
    for (const { body } of answers) expect(body.messages[0].content).toEqual(safe);
    const listed = await user.get(path);
    expect(listed.body.messages.map(({ content }: { content: object }) => content)).toEqual([safe, safe, safe]);
  });

  it('of an end user has no button that runs in the page of whoever reads it', async () => {
    const { id, externalId } = await desk.conversation();
    const actions = [{ type: 'link', text: 'Look', uri: 'javascript:steal()' }];
    const answer = await desk
      .user(externalId)
      .post(at(id, '/messages'), { content: { type: 'text', text: 'Hi', actions } });
    expect(codeOf(answer)).toEqual([400, 'bad_request']);
  });

  it('of an end user is no template, which is for businesses', async () => {
    const { id, externalId } = await desk.conversation();
    const content = { type: 'template', template: {} };
    expect(codeOf(await desk.user(externalId).post(at(id, '/messages'), { content }))).toEqual([400, 'bad_request']);
  });
});

describe('a message that says nothing', () => {
  const BLANK = ['', ' ', '\n\t', '\u200b', '\u2060\ufeff', '\u3164', '\u2800\u00ad', '\u202e\u200f'];

  it.each(BLANK)('%j begins no session, whoever writes it', async (blank) => {
    const { id, userId, externalId } = await desk.conversation();
    const content = { type: 'text', text: blank };
    const tries = [
      desk.app.post(at(id, '/messages'), { author: { type: 'user', userId }, content }),
      desk.app.post(at(id, '/messages'), { author: { type: 'business' }, content }),
      desk.app.post(at(id, '/messages'), { author: { type: 'business' }, content: { ...content, htmlText: blank } }),
      desk.user(externalId).post(at(id, '/messages'), { content }),
      desk.agent.call.post('/sessions', { conversationId: id, text: blank }),
    ];
    for (const answer of await Promise.all(tries))
      expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'bad_request']);
    expect((await desk.app.get(at(id, '/messages'))).body.messages).toEqual([]);
    expect((await desk.app.get(`/sessions?filter[userId]=${userId}`)).body.sessions).toEqual([]);
  });

  it.each(['<p></p>', '<script>alert(1)</script>', '<b>&nbsp;</b>'])('%s says nothing either', async (htmlText) => {
    const { id, userId, externalId } = await desk.conversation();
    const content = { type: 'text', htmlText };
    const tries = [
      desk.app.post(at(id, '/messages'), { author: { type: 'user', userId }, content }),
      desk.app.post(at(id, '/messages'), { author: { type: 'business' }, content }),
      desk.user(externalId).post(at(id, '/messages'), { content }),
      desk.user(externalId).post(at(id, '/messages'), { content: { type: 'text', markdownText: htmlText } }),
    ];
    for (const answer of await Promise.all(tries)) expect(codeOf(answer)).toEqual([400, 'bad_request']);
    expect((await desk.app.get(at(id, '/messages'))).body.messages).toEqual([]);
  });

  it('may have no words where it has buttons', async () => {
    const { id } = await desk.conversation();
    const actions = [{ type: 'link', text: 'Read on', uri: 'https://example.org/' }];
    const answer = await desk.app.post(at(id, '/messages'), {
      author: { type: 'business' },
      content: { type: 'text', text: '', actions },
    });
    expect(answer.status).toBe(201);
  });
});
