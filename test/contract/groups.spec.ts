import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  businessText,
  refused,
  rejection,
  startContract,
  userText,
  type Bot,
  type Contract,
  type Loose,
} from './kit.js';

/** `docs/wire.md` 13, check 38: who comes into a group and who leaves it. */
describe('groups, by the official client', () => {
  let contract: Contract;
  let listener: Bot;
  beforeAll(async () => {
    contract = await startContract();
    listener = await contract.bot('listener');
  });
  afterAll(() => contract.close());

  const call = (name: string, ...more: unknown[]): Promise<Loose> => {
    const api = contract.client[name === 'listParticipants' || /^(join|leave)/.test(name) ? 'participants' : 'users'];
    return api[name]!(contract.appId, ...more);
  };
  const join = (id: string, userId: string): Promise<Loose> =>
    call('joinConversation', id, { userId, subscribeSDKClient: false });
  const group = async (size: number): Promise<{ id: string; users: Loose[] }> => {
    const users: Loose[] = await Promise.all(Array.from({ length: size }, () => contract.user()));
    const body = {
      type: 'sdkGroup',
      participants: users.map(({ id: userId }) => ({ userId, subscribeSDKClient: false })),
    };
    const made = await contract.client.conversations['createConversation']!(contract.appId, body);
    return { id: made.conversation.id, users };
  };
  const members = async (id: string): Promise<string[]> =>
    (await call('listParticipants', id)).participants.map((one: Loose) => one.userId);

  it('38: a user joins and leaves, and webhooks hear of both', async () => {
    const { id, users } = await group(1);
    const late = await contract.user('late');
    await contract.client.messages['postMessage']!(contract.appId, id, businessText('before'));
    const { participant } = await join(id, late.id);
    expect(participant).toMatchObject({ userId: late.id, userExternalId: 'late', unreadCount: 0 });
    expect((await join(id, late.id)).participant.id).toBe(participant.id);
    expect(await members(id)).toEqual([users[0].id, late.id]);
    const joined = await listener.event(id, 'conversation:join');
    expect(joined.payload).toMatchObject({
      conversation: { id, type: 'sdkGroup' },
      user: { id: late.id, externalId: 'late', authenticated: expect.any(Boolean) },
    });

    expect(await call('leaveConversation', id, { participantId: participant.id })).toBe('{}');
    expect((await listener.event(id, 'conversation:leave')).payload.user.id).toBe(late.id);
    expect(await members(id)).toEqual([users[0].id]);
    expect(listener.types(id).filter((type) => type === 'conversation:join')).toHaveLength(1);
    const outside = contract.client.messages['postMessage']!(contract.appId, id, userText(late.id, 'still here?'));
    expect(await refused(outside)).toEqual([404, 'not_found']);
    expect(await refused(call('leaveConversation', id, { userId: late.id }))).toEqual([404, 'not_found']);
  });

  it('38: the eleventh is refused, also when two come for the last place at once', async () => {
    const { id } = await group(9);
    const two = await Promise.all([contract.user(), contract.user()]);
    const answers = await Promise.allSettled(two.map((user) => join(id, user.id)));
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await members(id)).toHaveLength(10);
    const eleventh = await rejection(join(id, (await contract.user()).id));
    expect([eleventh.status, eleventh.body.errors[0]]).toMatchObject([
      400,
      { code: 'bad_request', title: 'Too many participants' },
    ]);
  });

  it('38: a personal conversation is neither joined nor left', async () => {
    const { id, userId } = await contract.conversation();
    const other = await contract.user();
    expect(await refused(join(id, other.id))).toEqual([400, 'bad_request']);
    expect(await refused(call('leaveConversation', id, { userId }))).toEqual([400, 'bad_request']);
  });

  it('what somebody said in a group they left goes when they are deleted', async () => {
    const { id, users } = await group(2);
    const [leaver] = users;
    await contract.client.messages['postMessage']!(contract.appId, id, userText(leaver.id, 'my secret'));
    await call('leaveConversation', id, { userId: leaver.id });
    await call('deleteUser', leaver.id);
    const { messages } = await contract.client.messages['listMessages']!(contract.appId, id);
    expect(JSON.stringify(messages)).not.toContain('my secret');
    expect(messages).toHaveLength(1);
  });
});
