import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { businessText, refused, rejection, startContract, userText, type Contract, type Loose } from './kit.js';

/** `docs/wire.md` 13, checks 37, 39-45: conversations, users, messages. */
describe('conversations, users and messages, by the official client', () => {
  let contract: Contract;
  beforeAll(async () => {
    contract = await startContract();
  });
  afterAll(() => contract.close());

  const create = (body: object) => contract.client.conversations['createConversation']!(contract.appId, body);
  const post = (id: string, body: object) => contract.client.messages['postMessage']!(contract.appId, id, body);

  it('37: a personal conversation has one participant; the first is the default and stays', async () => {
    const { client, appId } = contract;
    const [a, b] = [await contract.user(), await contract.user()];
    for (const participants of [[], [{ userId: a.id }, { userId: b.id }]]) {
      expect(await refused(create({ type: 'personal', participants }))).toEqual([400, 'bad_request']);
    }
    const personal = { type: 'personal', participants: [{ userId: a.id }] };
    const first = (await create(personal)).conversation;
    expect(first.isDefault).toBe(true);
    const second = (await create(personal)).conversation;
    expect(second.isDefault).toBe(false);
    const kept = await rejection(client.conversations['deleteConversation']!(appId, first.id));
    expect([kept.status, kept.body.errors[0]]).toMatchObject([
      400,
      { code: 'bad_request', title: `Conversation ${first.id} cannot be deleted because it is the default.` },
    ]);
    expect(await client.conversations['deleteConversation']!(appId, second.id)).toBe('{}');
    expect(await refused(client.conversations['getConversation']!(appId, second.id))).toEqual([
      404,
      'conversation_not_found',
    ]);
  });

  it('39: finds users by id and by external id with odd characters; a duplicate is a conflict', async () => {
    const { client, appId } = contract;
    for (const externalId of ['a/b c?d#e%f', 'ünï@códe', '+49 30 12345', '..']) {
      const user = await contract.user(externalId);
      const byExternal = await client.users['getUser']!(appId, externalId);
      expect(byExternal.user.id).toBe(user.id);
      expect((await client.users['getUser']!(appId, user.id)).user.externalId).toBe(externalId);
      expect(await refused(client.users['createUser']!(appId, { externalId }))).toEqual([409, 'conflict']);
    }
  });

  it('40: lists conversations by exactly one of user id and external id', async () => {
    const { client, appId } = contract;
    const user = await contract.user('lister');
    const made = await create({ type: 'personal', participants: [{ userExternalId: 'lister' }] });
    const list = client.conversations['listConversations']!.bind(client.conversations);
    expect((await list(appId, { userId: user.id })).conversations.map((c: Loose) => c.id)).toEqual([
      made.conversation.id,
    ]);
    expect((await list(appId, { userExternalId: 'lister' })).conversations).toHaveLength(1);
    expect((await contract.raw('GET', '/conversations')).status).toBe(400);
    const both = `/conversations?filter%5BuserId%5D=${user.id}&filter%5BuserExternalId%5D=lister`;
    expect((await contract.raw('GET', both)).status).toBe(400);
    expect(await refused(list(appId, { userExternalId: 'nobody' }))).toEqual([404, 'user_not_found']);
  });

  it('41: pages forward and back, and refuses bad cursors and sizes', async () => {
    const { client, appId } = contract;
    const user = await contract.user();
    const ids: string[] = [];
    for (let i = 0; i < 30; i++) {
      ids.push((await create({ type: 'personal', participants: [{ userId: user.id }] })).conversation.id);
    }
    const list = (page: object) => client.conversations['listConversations']!(appId, { userId: user.id }, { page });
    const first = await list({ size: 10 });
    expect(first.conversations).toHaveLength(10);
    const next = await list({ after: first.meta.afterCursor });
    const seen = [...first.conversations, ...next.conversations].map((c: Loose) => c.id);
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(next.meta.hasMore).toBe(false);
    const back = await list({ before: next.meta.beforeCursor });
    expect(back.conversations.map((c: Loose) => c.id)).toEqual(first.conversations.map((c: Loose) => c.id));
    for (const size of [0, 101, 'ten']) expect(await refused(list({ size }))).toEqual([400, 'bad_request']);
    for (const cursor of ['short', 'x'.repeat(25)]) {
      expect(await refused(list({ after: cursor }))).toEqual([400, 'bad_request']);
    }
    const bothCursors = `page%5Bafter%5D=${ids[0]}&page%5Bbefore%5D=${ids[1]}`;
    expect((await contract.raw('GET', `/conversations?filter%5BuserId%5D=${user.id}&${bothCursors}`)).status).toBe(400);
  });

  it('42: lists messages from the newest page back, a hundred at a time', async () => {
    const { id, userId } = await contract.conversation();
    for (let i = 0; i < 230; i++) await post(id, userText(userId, String(i)));
    const list = (page?: object) =>
      contract.client.messages['listMessages']!(contract.appId, id, page ? { page } : undefined);
    const collected: string[] = [];
    let answer = await list();
    for (;;) {
      collected.unshift(...answer.messages.map((message: Loose) => message.content.text));
      if (!answer.meta.hasMore) break;
      expect(answer.messages).toHaveLength(100);
      answer = await list({ before: answer.meta.beforeCursor });
    }
    expect(collected).toEqual(Array.from({ length: 230 }, (_, i) => String(i)));
  });

  it('43: every type goes round; what is too long or not to be sent is refused', async () => {
    const { id } = await contract.conversation();
    const contents = [
      { type: 'text', text: 'plain' },
      {
        type: 'text',
        text: 'choose',
        actions: [
          { type: 'reply', text: 'Yes', payload: 'YES' },
          { type: 'postback', text: 'Later', payload: 'LATER', metadata: { a: 1 } },
          { type: 'link', text: 'Site', uri: 'https://example.org/' },
        ],
      },
      { type: 'image', mediaUrl: 'https://example.org/a.png', altText: 'a picture' },
      { type: 'file', mediaUrl: 'https://example.org/a.pdf', text: 'a file' },
      {
        type: 'text',
        text: 'one of many',
        actions: Array.from({ length: 40 }, (_, n) => ({ type: 'reply', text: '', payload: `${n} `.padEnd(1_500) })),
      },
      {
        type: 'carousel',
        items: [{ title: 'One', actions: [{ type: 'postback', text: '', payload: 'x'.repeat(2_000) }] }],
        text: 'One',
      },
      { type: 'list', items: [{ title: 'One', actions: [{ type: 'link', text: 'Go', uri: 'https://example.org/' }] }] },
      {
        type: 'location',
        coordinates: { lat: 1.5, long: -2 },
        location: { name: 'Office', address: '' },
        text: 'Office\nhttps://maps.google.com/maps?q=1.5,-2',
      },
      { type: 'form', submitted: false, fields: [{ type: 'text', name: 'a', label: 'A' }] },
    ];
    for (const content of contents) {
      const { messages } = await post(id, { author: { type: 'business', displayName: 'Bot' }, content });
      expect(messages[0].content).toMatchObject(content);
    }
    const listed = await contract.client.messages['listMessages']!(contract.appId, id);
    expect(listed.messages.map((message: Loose) => message.content)).toMatchObject(contents);
    for (const content of [
      { type: 'text', text: 'x'.repeat(4097) },
      { type: 'text' },
      { type: 'formResponse', fields: [{ type: 'text', name: 'a', label: 'A', text: 'b' }] },
      { type: 'image' },
      { type: 'hologram', text: 'x' },
    ]) {
      expect(await refused(post(id, { author: { type: 'business' }, content }))).toEqual([400, 'bad_request']);
    }
  });

  it('44: activity: a business types and reads, a user only reads', async () => {
    const { client, appId } = contract;
    const { id, userId } = await contract.conversation();
    const act = (body: object) => client.activities['postActivity']!(appId, id, body);
    const show = async () => (await client.conversations['getConversation']!(appId, id)).conversation;
    const unread = async () => (await client.participants['listParticipants']!(appId, id)).participants[0].unreadCount;
    expect(await act({ author: { type: 'business' }, type: 'typing:start' })).toBe('{}');
    expect(await refused(act({ author: { type: 'user', userId }, type: 'typing:start' }))).toEqual([
      400,
      'bad_request',
    ]);
    expect((await show()).businessLastRead ?? null).toBeNull();
    expect(await act({ author: { type: 'business' }, type: 'conversation:read' })).toBe('{}');
    expect((await show()).businessLastRead).toMatch(/^\d{4}-\d\d-\d\dT/);
    await post(id, businessText('one'));
    await post(id, businessText('two'));
    expect(await unread()).toBe(2);
    expect(await act({ author: { type: 'user', userId }, type: 'conversation:read' })).toBe('{}');
    expect(await unread()).toBe(0);
  });

  it('45: metadata merges, a null key goes, null clears', async () => {
    const { client, appId } = contract;
    const { id } = await contract.conversation();
    const user = await contract.user();
    const patches: [string, (metadata: unknown) => Promise<Loose>][] = [
      ['user', async (metadata) => (await client.users['updateUser']!(appId, user.id, { metadata })).user],
      [
        'conversation',
        async (metadata) => (await client.conversations['updateConversation']!(appId, id, { metadata })).conversation,
      ],
      ['app', async (metadata) => (await client.apps['updateApp']!(appId, { metadata })).app],
    ];
    for (const [what, patch] of patches) {
      await patch({ a: 1, b: 'two' });
      expect([what, (await patch({ b: null, c: true })).metadata]).toEqual([what, { a: 1, c: true }]);
      expect([what, (await patch(null)).metadata ?? {}]).toEqual([what, {}]);
    }
  });
});
