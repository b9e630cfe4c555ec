import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDesk, text, userText, type Desk } from '../../support/desk.js';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk({ settings: { onEnd: { agent: 'pass:survey' }, agentsCanEnd: true } });
}, 60_000);
afterAll(() => desk?.close());

interface Line {
  readonly type: string;
  readonly kind: string;
  readonly at: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- facts differ by type
  readonly data: any;
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

async function timeline(id: string): Promise<readonly Line[]> {
  return (await desk.app.get(`/conversations/${id}/timeline?page[size]=100`)).body.timeline;
}

/** A conversation that was offered, taken over and ended through the survey bot. */
async function story(): Promise<string> {
  const { id, userId } = await desk.conversation();
  const at = (action: string): string => `/conversations/${id}/${action}`;
  await desk.app.post(at('messages'), userText(userId, 'hello'));
  await desk.bot.call.post(at('offerControl'), { switchboardIntegration: 'desk', expiresInSeconds: 600 });
  await desk.agent.call.post(at('acceptControl'), {});
  const [session] = (await desk.app.get(`/sessions?filter[userId]=${userId}`)).body.sessions;
  expect((await desk.agent.call.post(`/sessions/${session.id}/end`, {})).status).toBe(200);
  await desk.survey.call.post(at('releaseControl'));
  return id;
}

describe('the timeline', () => {
  it('names holders and actors, and tells every time as ISO', async () => {
    const lines = await timeline(await story());
    const of = (type: string): Line['data'] => lines.find((line) => line.type === type)?.data;
    const [bot, agent, survey] = [desk.bot, desk.agent, desk.survey].map(({ id, name }) => ({ id, name }));

    expect(of('controlOffered')).toEqual({
      active: bot,
      to: agent,
      voided: null,
      expiresAt: expect.stringMatching(ISO),
      metadata: null,
      fallback: null,
      byHolder: true,
      by: { type: 'integration', id: desk.bot.integrationId },
    });
    expect(of('controlPassed')).toMatchObject({ from: agent, to: survey, cause: 'sessionEnd' });
    expect(of('sessionEnding')).toMatchObject({
      end: { endedBy: { type: 'agent' }, requestedAt: expect.stringMatching(ISO), holder: agent, holderKind: 'agent' },
      postEnd: { holder: survey, startedAt: expect.stringMatching(ISO), finishedAt: null },
    });
    expect(of('sessionEnded').postEnd).toMatchObject({ holder: survey, finishedAt: expect.stringMatching(ISO) });
    expect(lines.every(({ at }) => ISO.test(at))).toBe(true);
    expect(JSON.stringify(lines)).not.toMatch(/:1[6-9]\d{11}\b/);
    expect(JSON.stringify(lines)).not.toContain('keyId');
  });

  it('keeps the id of a switchboard integration that was deleted', async () => {
    const { id } = await desk.conversation();
    const links = `/switchboards/${desk.switchboardId}/switchboardIntegrations`;
    const webhooks = [{ target: 'http://127.0.0.1:9/', triggers: ['user:remove'] }];
    const { integration } = (await desk.app.post('/integrations', { type: 'custom', displayName: 'guest', webhooks }))
      .body;
    const body = { name: 'guest', kind: 'bot', integrationId: integration.id };
    const guest = (await desk.app.post(links, body)).body.switchboardIntegration;
    await desk.app.post(`/conversations/${id}/passControl`, { switchboardIntegration: 'guest' });
    await desk.app.delete(`${links}/${guest.id}`);
    const passed = (await timeline(id)).find(({ type }) => type === 'controlPassed');
    expect(passed?.data.to).toEqual({ id: guest.id });
  });
});

describe('the author of a message', () => {
  it('has as its kind what the switchboard knows of it, and no subtype that published clients refuse', async () => {
    const { id } = await desk.conversation();
    const at = (action: string): string => `/conversations/${id}/${action}`;
    const byBot = await desk.bot.call.post(at('messages'), text('a bot'));
    await desk.app.post(at('passControl'), { switchboardIntegration: 'desk' });
    await desk.agent.call.post(at('messages'), {
      author: { type: 'business', subtypes: ['AI'] },
      content: { type: 'text', text: 'a desk with help' },
    });
    await desk.app.post(at('messages'), text('nobody on the switchboard'));
    expect(byBot.body.messages[0].author).toEqual({ type: 'business', kind: 'bot' });
    const { messages } = (await desk.app.get(at('messages'))).body;
    expect(messages.map(({ author }: { author: object }) => author)).toEqual([
      { type: 'business', kind: 'bot' },
      { type: 'business', kind: 'agent', subtypes: ['AI'] },
      { type: 'business' },
    ]);
  });
});
