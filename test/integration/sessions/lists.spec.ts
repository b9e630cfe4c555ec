import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDesk, userText, type Answered, type Desk } from '../../support/desk.js';

let desk: Desk;
let channel: string;
beforeAll(async () => {
  desk = await startDesk({ settings: { endSessionEnabled: true, disableConversationReopen: true } });
  const body = { name: 'messages', kind: 'whatsapp', capacityModel: 'status_based' };
  channel = (await desk.app.post('/serviceChannels', body)).body.serviceChannel.id;
}, 60_000);
afterAll(() => desk?.close());

interface Talk {
  readonly conversationId: string;
  readonly userId: string;
  readonly sessionId: string;
}

type Body = Answered['body'];

/** A user with a session that the desk handles, on a status-based channel. */
async function talk(userId?: string): Promise<Talk> {
  const user = userId ?? (await desk.app.post('/users', { externalId: `u-${Math.random()}` })).body.user.id;
  const opening = { type: 'personal', participants: [{ userId: user }], serviceChannelId: channel };
  const { conversation } = (await desk.app.post('/conversations', opening)).body;
  await desk.app.post(`/conversations/${conversation.id}/messages`, userText(user, 'hello'));
  await desk.app.post(`/conversations/${conversation.id}/passControl`, { switchboardIntegration: 'desk' });
  const { sessions } = (await desk.app.get(`/sessions?filter[userId]=${user}&filter[status]=ACTIVE`)).body;
  const own = sessions.find((one: Body) => one.conversationId === conversation.id);
  return { conversationId: conversation.id, userId: user, sessionId: own.id };
}

const statusOf = async (id: string): Promise<string> => (await desk.app.get(`/sessions/${id}`)).body.session.status;

async function endsTold({ conversationId }: Talk): Promise<number> {
  const { timeline } = (await desk.app.get(`/conversations/${conversationId}/timeline?page[size]=100`)).body;
  return timeline.filter(({ type }: Body) => type === 'sessionEnded').length;
}

describe('lists of sessions', () => {
  it('M-8 of the app by status, or of one end user; a session of either can be ended', async () => {
    const mine = await talk();
    const again = await talk(mine.userId);
    const other = await talk();
    const ids = async (query: string): Promise<string[]> => {
      const { status, body } = await desk.app.get(`/sessions?page[size]=100&${query}`);
      expect(status).toBe(200);
      return body.sessions.map(({ id }: Body) => id);
    };
    expect(await ids('filter[status]=ACTIVE')).toEqual(
      expect.arrayContaining([mine.sessionId, again.sessionId, other.sessionId]),
    );
    expect((await ids(`filter[userId]=${mine.userId}`)).toSorted()).toEqual(
      [mine.sessionId, again.sessionId].toSorted(),
    );
    for (const { sessionId } of [other, mine]) {
      const ended = await desk.app.post('/sessions/endMany', { sessionIds: [sessionId] });
      expect(ended.body.results).toMatchObject([{ sessionId, result: 'ended' }]);
    }
    expect(await ids(`filter[userId]=${mine.userId}&filter[status]=ENDED`)).toEqual([mine.sessionId]);
    expect(await ids(`filter[userId]=${mine.userId}&filter[status]=ACTIVE`)).toEqual([again.sessionId]);
  });

  it('M-10, D1 several at once: each is judged alone, told alone, and ended once', async () => {
    const talks = await Promise.all(Array.from({ length: 5 }, () => talk()));
    const [over, parked, ...live] = talks as [Talk, Talk, ...Talk[]];
    expect((await desk.app.post(`/sessions/${over.sessionId}/end`, {})).status).toBe(200);
    expect((await desk.agent.call.post(`/sessions/${parked.sessionId}/inactivate`)).status).toBe(200);

    const sessionIds = talks.map(({ sessionId }) => sessionId);
    const { status, body } = await desk.app.post('/sessions/endMany', { sessionIds });
    expect(status).toBe(200);
    const result = Object.fromEntries(body.results.map((one: Body) => [one.sessionId, one.result]));
    expect(result).toEqual({
      [over.sessionId]: 'already_ended',
      [parked.sessionId]: 'inactive_status_based',
      ...Object.fromEntries(live.map(({ sessionId }) => [sessionId, 'ended'])),
    });
    expect(await statusOf(parked.sessionId)).toBe('INACTIVE');
    expect(await Promise.all(talks.map(endsTold))).toEqual([1, 0, 1, 1, 1]);

    const again = await desk.app.post('/sessions/endMany', { sessionIds });
    expect(again.body.results.map((one: Body) => one.result).toSorted()).toEqual([
      ...live.map(() => 'already_ended'),
      'already_ended',
      'inactive_status_based',
    ]);
    expect(await Promise.all(talks.map(endsTold))).toEqual([1, 0, 1, 1, 1]);
  });

  it('M-10, D1 one whose end is under way is told so, and ends once', async () => {
    const asking = await startDesk({ settings: { onEnd: { agent: 'pass:survey', system: 'pass:survey' } } });
    try {
      const { id, userId } = await asking.conversation();
      await asking.app.post(`/conversations/${id}/messages`, userText(userId, 'hello'));
      const { sessions } = (await asking.app.get(`/sessions?filter[userId]=${userId}`)).body;
      const sessionId = sessions[0].id;
      const endMany = async (): Promise<readonly Body[]> =>
        (await asking.app.post('/sessions/endMany', { sessionIds: [sessionId] })).body.results;
      const session = { id: sessionId, status: 'ENDING' };
      expect(await endMany()).toMatchObject([{ sessionId, result: 'ending', session }]);
      expect(await endMany()).toMatchObject([{ sessionId, result: 'already_ending', session }]);
      expect((await asking.survey.call.post(`/conversations/${id}/releaseControl`)).status).toBe(200);
      expect(await endMany()).toEqual([{ sessionId, result: 'already_ended' }]);
      const { timeline } = (await asking.app.get(`/conversations/${id}/timeline?page[size]=100`)).body;
      const ends = timeline.map(({ type }: Body) => type).filter((type: string) => type.startsWith('sessionEnd'));
      expect(ends).toEqual(['sessionEndRequested', 'sessionEnding', 'sessionEnded']);
    } finally {
      await asking.close();
    }
  });

  it('M-10 an unknown one among them keeps the others from nothing', async () => {
    const one = await talk();
    const sessionIds = ['0'.repeat(24), one.sessionId];
    const { body } = await desk.app.post('/sessions/endMany', { sessionIds });
    expect(body.results.map((each: Body) => each.result)).toEqual(['session_not_found', 'ended']);
  });
});
