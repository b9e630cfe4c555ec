import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { filled, good, SurveyDesk, type Json, type Talk } from './survey-desk.js';

/** What E-3 and E-4 ask for: every end closes its conversation. */
const closing = { multiConvoEnabled: true, disableConversationReopen: true, endSessionEnabled: true };
let at: SurveyDesk;

beforeAll(async () => {
  at = await SurveyDesk.start({ settings: closing });
}, 60_000);
afterAll(() => at?.close());
beforeEach(() => at.surveys());

/** The conversation as its end user sees it. */
const seen = async ({ id, user }: Pick<Talk, 'id' | 'user'>): Promise<Json> =>
  (await good(user.get(`/conversations/${id}`))).conversation;

/** The end user ends a session that somebody handled, and is asked. */
async function ended(human = true): Promise<Talk & { readonly survey: Json }> {
  const talk = await at.talk({ human });
  await at.userEnds(talk);
  return { ...talk, survey: await at.survey(talk, 'sent') };
}

/** Waits in the queue of an agent workspace. */
async function queued(): Promise<Talk> {
  const links = `/switchboards/${at.desk.switchboardId}/switchboardIntegrations`;
  const linked = await at.desk.app.post(links, { name: 'people', integrationType: 'zd:agentWorkspace' });
  expect(linked.status).toBe(201);
  const talk = await at.talk({ human: false });
  await good(at.desk.app.post(`/conversations/${talk.id}/passControl`, { switchboardIntegration: 'people' }));
  expect((await at.session(talk)).status).toBe('WAITING');
  return talk;
}

async function page(link: string, form: Readonly<Record<string, string>>): Promise<number> {
  return (await fetch(link, { method: 'POST', body: new URLSearchParams(form) })).status;
}

/** The row, the events and the scores say one thing. */
async function agree(talk: Talk, expected: { readonly score: number; readonly via: string }): Promise<void> {
  const row = await at.survey(talk, 'answered');
  expect(row).toMatchObject({ ...expected, sentAt: expect.any(String), link: null });
  const [posted, answered] = [
    await at.heard.event('survey.posted', talk.id),
    await at.heard.event('csat.answered', talk.id),
  ];
  expect(posted.data).toMatchObject({ surveyId: row.id, sessionId: talk.sessionId, messageId: row.formId });
  expect(answered.data).toMatchObject({
    surveyId: row.id,
    sessionId: talk.sessionId,
    formId: row.formId,
    messageId: row.answerId,
    score: expected.score,
  });
  const scores: Json[] = (await good(at.desk.app.get('/csat/scores'))).scores;
  expect(scores.find(({ scale }) => scale === 'stars5').distribution[expected.score]).toBeGreaterThan(0);
}

describe('a survey in a conversation that its end closed', () => {
  it.each([
    ['an agent', true],
    ['a bot', false],
  ])('E-1, E-2 is answered in the widget, and nothing else is said there: ended with %s', async (_who, human) => {
    const one = await ended(human);
    expect(one.survey).toMatchObject({ endedBy: 'end_user', kind: human ? 'agent' : 'bot', suppressedBecause: null });
    const [asked] = (await seen(one)).surveys;
    expect(asked).toMatchObject({ id: one.survey.id, messageId: one.survey.formId, link: expect.any(String) });
    expect((await at.forms(one)).map(({ id }) => id)).toEqual([one.survey.formId]);

    const words = await at.answers(one, { content: { type: 'text', text: 'and another thing' } });
    expect([words.status, words.body.errors[0].code]).toEqual([409, 'conversation_ended']);
    const other = await at.talk();
    expect((await at.answers({ id: one.id, user: other.user }, filled(one.survey.formId, 5))).status).toBe(404);

    const given = await at.answers(one, filled(one.survey.formId, 4, 'kind'));
    expect(given.status).toBe(201);
    expect((await at.answers(one, filled(one.survey.formId, 1))).body.errors[0].code).toBe('survey_answered');
    await agree(one, { score: 4, via: 'conversation' });
    expect((await seen(one)).surveys).toEqual([]);
    expect((await at.answers(one, { content: { type: 'text', text: 'bye' } })).status).toBe(409);
  });

  it('E-2, E-8, E-9 leaves the conversation closed and with nobody, and a new one begins with the default', async () => {
    const one = await ended();
    await good(at.answers(one, filled(one.survey.formId, 5)));
    const shown = await at.shown(one);
    expect(shown).toMatchObject({ canReply: false, newConversationAllowed: true, session: { status: 'ENDED' } });
    expect(shown).not.toHaveProperty('activeSwitchboardIntegration');
    expect(shown).not.toHaveProperty('pendingSwitchboardIntegration');
    expect(at.heard.of('control.released', one.id)).toHaveLength(1);

    const { conversation } = await good(one.user.post('/conversations', {}));
    await at.writes({ id: conversation.id, user: one.user });
    const next = await at.shown({ ...one, id: conversation.id });
    expect(next.activeSwitchboardIntegration.name).toBe('bot');
  });

  it('E-1 is answered by link, which the event, the row and the client API all have', async () => {
    const one = await ended();
    const posted = await at.heard.event('survey.posted', one.id);
    const [asked] = (await seen(one)).surveys;
    const listed: Json[] = (await good(one.user.get('/conversations'))).conversations;
    expect(listed.find(({ id }) => id === one.id).surveys).toEqual([asked]);
    for (const link of [posted.data.link, asked.link, one.survey.link]) {
      expect(link).toContain('/surveys/');
      expect((await fetch(link ?? '')).status).toBe(200);
    }
    expect(await page(posted.data.link ?? '', { score: '2' })).toBe(200);
    await agree(one, { score: 2, via: 'link' });
    expect((await at.answers(one, filled(one.survey.formId, 5))).body.errors[0].code).toBe('survey_answered');
    expect((await at.forms(one))[0].content.submitted).toBe(true);
  });

  it('E-1 follows no end in the queue, as the event and the row say alike', async () => {
    const one = await queued();
    await at.userEnds(one);
    const { suppressedBecause, kind, link } = await at.survey(one, 'suppressed');
    const { data } = await at.heard.event('session.ended', one.id);
    expect(suppressedBecause).toBe('abandoned_in_queue');
    expect(data.csat).toMatchObject({ eligible: false, suppressedBecause, kind, askAt: null });
    expect([link, await at.forms(one), (await seen(one)).surveys]).toEqual([null, [], []]);
  });

  it('is a message with the link where the app asks by link', async () => {
    await at.surveys({ delivery: 'link' });
    const one = await ended();
    const message = (await at.messages(one)).at(-1);
    expect(message).toMatchObject({ id: one.survey.formId, content: { type: 'text', actions: [{ type: 'link' }] } });
    expect(await page(message.content.actions[0].uri, { score: '5' })).toBe(200);
    await agree(one, { score: 5, via: 'link' });
  });

  it('is closed once it expires, in the conversation too', async () => {
    const one = await ended();
    await at.expire(one);
    expect((await at.answers(one, filled(one.survey.formId, 5))).body.errors[0].code).toBe('survey_closed');
    expect((await seen(one)).surveys).toEqual([]);
  });

  it('E-3, E-4 cannot be had by settings that lock people out', async () => {
    for (const [settings, code] of [
      [{ disableConversationReopen: false }, 'requires_reopen_disabled'],
      [{ multiConvoEnabled: false }, 'requires_multi_conversations'],
    ] as const) {
      const { status, body } = await at.desk.app.patch('', { settings });
      expect([settings, status, body.errors[0].code]).toEqual([settings, 422, code]);
    }
    expect((await good(at.desk.app.get(''))).app.settings).toMatchObject(closing);
  });
});

describe('a survey that fits into no message', () => {
  it('is offered, not sent: by its link', async () => {
    const one = await at.talk();
    await at.fill(one);
    await at.userEnds(one);
    const survey = await at.survey(one, 'offered');
    expect(survey).toMatchObject({ formId: null, sentAt: null, link: expect.any(String) });
    const posted = await at.heard.event('survey.posted', one.id);
    expect(posted.data).toMatchObject({ messageId: null, link: expect.any(String) });
    expect((await seen(one)).surveys).toMatchObject([{ messageId: null, link: expect.any(String) }]);
    expect(await page(survey.link, { score: '1' })).toBe(200);
    expect(await at.survey(one, 'answered')).toMatchObject({ score: 1, via: 'link', sentAt: null });
  });
});
