import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDesk, text, type Answered, type Caller, type Desk } from '../../support/desk.js';

type Json = Answered['body'];

const LIMIT = 5;
const SECRET = 'VIP, owes money';
let desk: Desk;
beforeAll(async () => {
  desk = await startDesk({
    settings: { disableConversationReopen: true, endSessionEnabled: true },
    server: { settings: { SWITCHBOARD_CONVERSATIONS_PER_MINUTE: String(LIMIT) } },
  });
}, 60_000);
afterAll(() => desk?.close());

async function good(answer: Promise<Answered>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}
const words = { content: { type: 'text', text: 'help' } };

interface Talk {
  readonly id: string;
  readonly user: Caller;
}

/** A conversation with everything in it that is the business' own. */
async function talk(): Promise<Talk> {
  const { id, externalId } = await desk.conversation();
  const user = desk.user(externalId);
  await good(user.post(`/conversations/${id}/messages`, words));
  await good(desk.app.patch(`/conversations/${id}`, { metadata: { note: SECRET } }));
  const actions = [{ type: 'link', text: 'open', uri: 'https://example.org', metadata: { note: SECRET } }];
  const content = { type: 'text', text: 'hello', actions };
  await good(desk.app.post(`/conversations/${id}/messages`, text('', { content, metadata: { note: SECRET } })));
  return { id, user };
}

/** A form of the bot; answers its id. */
async function form(id: string): Promise<string> {
  const fields = [{ type: 'text', name: 'name', label: 'Your name', metadata: { note: SECRET } }];
  const asks = text('', { content: { type: 'form', fields }, metadata: { note: SECRET } });
  const { messages } = await good(desk.bot.call.post(`/conversations/${id}/messages`, asks));
  return messages[0].id;
}

const filled = (quotedMessageId: string): Json => ({
  content: { type: 'formResponse', fields: [{ type: 'text', name: 'name', text: 'Ana', quotedMessageId }] },
});

/** Every field of an answer, at any depth. */
const fieldsOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => [name, ...fieldsOf(inner)])
    : [];

describe('what an end user sees', () => {
  it('has nothing of the business in it, in any answer', async () => {
    const { id, user } = await talk();
    const path = `/conversations/${id}`;
    const answers: Json[] = [
      await good(user.post('/conversations', { metadata: { note: SECRET } })),
      await good(user.get('/conversations')),
      await good(user.get(path)),
      await good(user.get(`${path}/messages`)),
      await good(user.post(`${path}/messages`, { ...words, metadata: { note: SECRET } })),
      await good(user.post(`${path}/messages`, filled(await form(id)))),
      await good(user.get(`${path}/messages`)),
      (await user.post(`${path}/consent`, { granted: true })).body,
      (await user.post(`${path}/end`, {})).body,
      await good(user.post(`${path}/end`, { confirmed: true })),
      (await user.post(`${path}/messages`, words)).body,
      await good(user.get(path)),
    ];
    for (const answer of answers) {
      expect(JSON.stringify(answer)).not.toContain(SECRET);
      for (const holder of [desk.bot.id, desk.bot.integrationId]) expect(JSON.stringify(answer)).not.toContain(holder);
      const shown = fieldsOf(answer);
      for (const field of [
        'metadata',
        'holder',
        'controlEpoch',
        'seq',
        'activeSwitchboardIntegration',
        'pendingSwitchboardIntegration',
        'handledBy',
        'agentId',
        'queueId',
        'ticket',
        'postEnd',
      ])
        expect(shown).not.toContain(field);
    }
  });

  it('has the metadata where the app says so', async () => {
    await good(desk.app.patch('', { settings: { metadataToEndUsers: true } }));
    try {
      const { id, user } = await talk();
      const { conversation } = await good(user.get(`/conversations/${id}`));
      expect(conversation.metadata).toEqual({ note: SECRET });
      const { messages } = await good(user.get(`/conversations/${id}/messages`));
      expect(messages.at(-1)).toMatchObject({
        metadata: { note: SECRET },
        content: { actions: [{ metadata: { note: SECRET } }] },
      });
      expect(fieldsOf(conversation)).not.toContain('controlEpoch');
    } finally {
      await good(desk.app.patch('', { settings: { metadataToEndUsers: false } }));
    }
  });
});

describe('a conversation says whether it is over', () => {
  it('to its end user, one by one and in the list, and to the business', async () => {
    const { id, user } = await talk();
    const open = (await good(user.get(`/conversations/${id}`))).conversation;
    expect(open).toMatchObject({
      id,
      session: { status: 'ACTIVE', startedAt: expect.any(String) },
      canReply: true,
      newConversationAllowed: true,
      unreadCount: 1,
      actions: [{ name: 'end' }],
      surveys: [],
      settings: { multiConvoEnabled: true, endSessionEnabled: true, disableConversationReopen: true },
    });
    expect((await good(desk.app.get(`/conversations/${id}`))).conversation).toMatchObject({
      session: { id: open.session.id, status: 'ACTIVE' },
      canReply: true,
      newConversationAllowed: true,
    });

    const { session } = await good(user.post(`/conversations/${id}/end`, { confirmed: true }));
    expect(session).toEqual({
      id: open.session.id,
      status: 'ENDED',
      startedAt: open.session.startedAt,
      endRequestedAt: expect.any(String),
      endedAt: expect.any(String),
      endedBy: { type: 'end_user' },
      endReason: 'end_user_ended',
    });
    const over = (await good(user.get(`/conversations/${id}`))).conversation;
    expect(over).toMatchObject({ session, canReply: false, newConversationAllowed: true, actions: [] });
    const listed: Json[] = (await good(user.get('/conversations'))).conversations;
    expect(listed.find((one) => one.id === id)).toMatchObject({ session, canReply: false });
    const { userId } = (await good(desk.app.get(`/conversations/${id}/participants`))).participants[0];
    const ofUser: Json[] = (await good(desk.app.get(`/conversations?filter[userId]=${userId}`))).conversations;
    for (const shown of [(await good(desk.app.get(`/conversations/${id}`))).conversation, ofUser[0]])
      expect(shown).toMatchObject({ id, session: { status: 'ENDED' }, canReply: false, newConversationAllowed: true });
  });

  it('before its first message too, and of a stranger it says nothing', async () => {
    const { id, externalId } = await desk.conversation();
    const fresh = (await good(desk.user(externalId).get(`/conversations/${id}`))).conversation;
    expect(fresh).toMatchObject({ canReply: true, unreadCount: 0, actions: [] });
    expect(fresh).not.toHaveProperty('session');
    const other = desk.user((await desk.conversation()).externalId);
    for (const stranger of [other, desk.user('never-seen')])
      expect((await stranger.get(`/conversations/${id}`)).status).toBe(404);
    expect((await other.get('/conversations/x')).status).toBe(404);
  });
});

describe('conversations that one end user opens', () => {
  it('are counted once under one key, and a repeat is answered however many were opened since', async () => {
    const { externalId } = await desk.conversation();
    const user = desk.user(externalId);
    const open = (key: string): Promise<Answered> => user.post('/conversations', {}, { 'idempotency-key': key });
    const { conversation: first } = await good(open('first'));
    for (let n = 0; n < 2 * LIMIT; n++) expect((await good(open('first'))).conversation.id).toBe(first.id);
    for (let n = 1; n < LIMIT; n++) await good(open(`further-${n}`));
    expect((await open('one-too-many')).status).toBe(429);
    expect((await good(open('first'))).conversation.id).toBe(first.id);
    expect((await user.post('/conversations', { metadata: { a: 1 } }, { 'idempotency-key': 'first' })).status).toBe(
      422,
    );
  });

  it('are limited, with the time to wait, and those of app keys and of others are not', async () => {
    const { externalId, userId } = await desk.conversation();
    const user = desk.user(externalId);
    const all = await Promise.all(Array.from({ length: 4 * LIMIT }, () => user.post('/conversations', {})));
    const refused = all.filter(({ status }) => status === 429);
    expect(all.filter(({ status }) => status === 201)).toHaveLength(LIMIT);
    expect(refused).toHaveLength(3 * LIMIT);
    expect(refused[0]?.body.errors[0].code).toBe('too_many_requests');
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);

    const participants = [{ userId }];
    for (let n = 0; n < 2 * LIMIT; n++) await good(desk.app.post('/conversations', { type: 'personal', participants }));
    await good(desk.user('somebody else').post('/conversations', {}));
  });
});
