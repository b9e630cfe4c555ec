import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { filled, good, SurveyDesk, type Json } from './survey-desk.js';

let at: SurveyDesk;

beforeAll(async () => {
  at = await SurveyDesk.start({ settings: { disableConversationReopen: true, endSessionEnabled: true } });
}, 60_000);
afterAll(() => at?.close());
beforeEach(() => at.surveys());

/** Conversations stay open to their end users, so that surveys can be asked there. */
const reopening = { endSessionEnabled: false, disableConversationReopen: false };

describe('when a survey is asked', () => {
  beforeAll(() => good(at.desk.app.patch('', { settings: reopening })));

  it('A-4 after an end by the agent, once, also when the ticket is solved later', async () => {
    const one = await at.rated();
    await at.solves(one);
    await at.heard.event('ticket.changed', one.id);
    // A ticket behind it was heard, so this one was.
    await at.surveys({ sendOn: ['ticket_solved'] });
    const next = await at.rated('suppressed');
    await at.solves(next);
    await at.survey(next, 'sent');

    expect(await at.forms(one)).toHaveLength(1);
    expect(await at.survey(one, 'sent')).toEqual(one.survey);
    expect(at.heard.of('survey.posted', one.id)).toHaveLength(1);
  });

  it('A-4 after the ticket where the end was not to be surveyed', async () => {
    await at.surveys({ sendOn: ['ticket_solved'] });
    const one = await at.rated('suppressed');
    expect(one.survey).toMatchObject({ suppressedBecause: 'not_in_send_on', kind: 'agent' });
    await at.solves(one);
    expect(await at.survey(one, 'sent')).toMatchObject({ id: one.survey.id, suppressedBecause: null });
    expect(await at.forms(one)).toHaveLength(1);
  });

  it('A-4 after the end where the ticket was solved before it', async () => {
    await at.surveys({ sendOn: ['ticket_solved'] });
    const one = await at.talk();
    await at.solves(one);
    await at.heard.event('ticket.changed', one.id);
    await at.agentEnds(one);
    await at.survey(one, 'sent');
    expect(await at.forms(one)).toHaveLength(1);
  });

  it('A-5 legacy surveys cannot be told of ends by agents, and are not', async () => {
    const refused = await at.desk.app.patch('', { settings: { csat: { mode: 'legacy', sendOn: ['agent_ended'] } } });
    expect([refused.status, refused.body.errors[0].code]).toEqual([422, 'requires_customizable_csat']);
    expect(refused.body.errors[0].title).toContain('csat.mode');
    expect((await good(at.desk.app.get(''))).app.settings.csat.mode).toBe('customizable');

    await good(at.desk.app.patch('', { settings: { csat: { mode: 'legacy', sendOn: ['ticket_solved'] } } }));
    expect((await at.rated('suppressed')).survey).toMatchObject({ suppressedBecause: 'not_in_send_on' });
  });

  it('not before the wait is over, by the clock of the database', async () => {
    await at.surveys({ waitSeconds: 3_600 });
    const one = await at.rated('due');
    expect(Date.parse(one.survey.sendAt) - Date.parse((await at.session(one)).endedAt)).toBe(3_600_000);
    await at.surveys();
    await at.rated();
    expect(await at.survey(one, 'due')).toMatchObject({ sentAt: null, formId: null });
    expect(await at.forms(one)).toEqual([]);
  });

  it('in the language of the end user, in the words of the app', async () => {
    await at.surveys({ form: { scale: 'nps', comment: false, languages: { fr: { question: 'Alors ?' } } } });
    const one = await at.talk();
    await good(at.desk.app.patch(`/users/${one.userId}`, { profile: { locale: 'fr-CA' } }));
    await at.agentEnds(one);
    expect(await at.survey(one, 'sent')).toMatchObject({ locale: 'fr', scale: 'nps' });
    const [form] = await at.forms(one);
    expect(form.content).toMatchObject({ text: 'Alors ?', submitted: false });
    expect(form.content.fields).toHaveLength(1);
    expect(form.content.fields[0].options).toHaveLength(11);
  });

  it('is counted when the post-end integration asked by itself', async () => {
    await good(at.desk.app.patch('', { settings: { onEnd: { agent: 'pass:survey' } } }));
    const one = await at.talk();
    await at.agentEnds(one);
    expect(await at.session(one)).toMatchObject({ status: 'ENDING' });
    await good(
      at.desk.survey.call.post(`/conversations/${one.id}/releaseControl`, { metadata: { csatRequested: true } }),
    );
    expect(await at.survey(one, 'suppressed')).toMatchObject({ suppressedBecause: 'already_requested' });
    await at.solves(one);
    await good(at.desk.app.patch('', { settings: { onEnd: { agent: 'release' } } }));
    // Another ticket behind it was heard.
    await at.surveys({ sendOn: ['ticket_solved'] });
    const next = await at.rated('suppressed');
    await at.solves(next);
    await at.survey(next, 'sent');
    expect(await at.survey(one, 'suppressed')).toMatchObject({ suppressedBecause: 'already_requested' });
  });
});

describe('a survey in the conversation', () => {
  it('is no activity, and neither is its answer', async () => {
    const one = await at.rated();
    const [session, shown] = [await at.session(one), await at.shown(one)];
    expect(shown).not.toHaveProperty('activeSwitchboardIntegration');

    const answered = await at.answers(one, filled(one.survey.formId, 4, 'quick'));
    expect(answered.status).toBe(201);
    expect(answered.body.messages).toMatchObject([
      {
        author: { type: 'user', userId: one.userId },
        content: {
          type: 'formResponse',
          textFallback: expect.stringContaining('quick'),
          fields: [
            { name: 'score', select: [{ name: '4' }] },
            { name: 'comment', text: 'quick' },
          ],
        },
      },
    ]);
    expect(await at.session(one)).toEqual(session);
    expect(await at.shown(one)).toEqual({
      ...shown,
      seq: shown.seq + 1,
      lastUpdatedAt: answered.body.messages[0].received,
    });
    expect((await at.forms(one))[0].content.submitted).toBe(true);
    expect(await at.survey(one, 'answered')).toMatchObject({
      score: 4,
      comment: 'quick',
      via: 'conversation',
      answerId: answered.body.messages[0].id,
      link: null,
    });
  });

  it('is announced with its answer, each once, without the words', async () => {
    const one = await at.rated();
    await at.answers(one, filled(one.survey.formId, 1, 'slow and rude'));
    const event = await at.heard.event('csat.answered', one.id);
    expect(event.data).toMatchObject({
      surveyId: one.survey.id,
      sessionId: one.sessionId,
      formId: one.survey.formId,
      scale: 'stars5',
      score: 1,
      commented: true,
      by: { type: 'user', id: one.userId },
    });
    expect(JSON.stringify(event)).not.toContain('rude');
    expect(at.heard.of('survey.posted', one.id)).toHaveLength(1);
  });

  it('has one answer, whoever is faster', async () => {
    const one = await at.rated();
    const all = await Promise.all([1, 2, 3, 4, 5].map((score) => at.answers(one, filled(one.survey.formId, score))));
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
    const refused = all.find(({ status }) => status === 409);
    expect(refused?.body.errors[0].code).toBe('survey_answered');
    const first = all.findIndex(({ status }) => status === 201);
    expect(await at.survey(one, 'answered')).toMatchObject({ score: first + 1, comment: null });
    await at.heard.event('csat.answered', one.id);
    expect(at.heard.of('csat.answered', one.id)).toHaveLength(1);
  });

  it('is answered once by a request that comes twice under one key', async () => {
    const one = await at.rated();
    const path = `/conversations/${one.id}/messages`;
    const send = () => one.user.post(path, filled(one.survey.formId, 3), { 'idempotency-key': 'again' });
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
  });

  it('is answered as its form wants it, by its own end user alone', async () => {
    const one = await at.rated();
    const { formId } = one.survey;
    const other = await at.talk();
    const [said] = await at.messages(one);
    const cases: [number, object][] = [
      [400, filled(formId, 6)],
      [400, filled(formId, '5.0')],
      [400, filled(formId, 5, 'x'.repeat(257))],
      [400, { content: { type: 'formResponse', fields: [] } }],
      [
        400,
        {
          content: {
            type: 'formResponse',
            fields: [{ type: 'text', name: 'comment', text: 'x', quotedMessageId: formId }],
          },
        },
      ],
      [
        400,
        {
          content: {
            type: 'formResponse',
            fields: [{ type: 'text', name: 'more', text: 'x', quotedMessageId: formId }],
          },
        },
      ],
      [400, filled(said.id, 5)],
      [404, filled('0123456789abcdef01234567', 5)],
    ];
    for (const [status, body] of cases) expect((await at.answers(one, body)).status).toBe(status);
    expect((await at.answers({ id: one.id, user: other.user }, filled(formId, 5))).status).toBe(404);
    expect((await at.answers(other, filled(formId, 5))).status).toBe(404);
    const business = { author: { type: 'business' }, ...filled(formId, 5) };
    expect((await at.desk.app.post(`/conversations/${one.id}/messages`, business)).status).toBe(400);
    expect(await at.survey(one, 'sent')).toMatchObject({ score: null });
  });

  it('cannot be forged by a business: a form of its own is no survey', async () => {
    const one = await at.rated();
    const fields = [{ type: 'select', name: 'score', label: 'Score', options: [{ name: '5', label: 'five' }] }];
    const own = await good(
      at.desk.app.post(`/conversations/${one.id}/messages`, {
        author: { type: 'business' },
        content: { type: 'form', fields },
        metadata: { surveyId: one.survey.id },
      }),
    );
    await good(at.answers(one, filled(own.messages[0].id, 5)));
    expect(await at.survey(one, 'sent')).toMatchObject({ score: null });
  });
});

describe('where every end closes the conversation', () => {
  beforeAll(() =>
    good(at.desk.app.patch('', { settings: { disableConversationReopen: true, endSessionEnabled: true } })),
  );

  it('E-7 customizable surveys follow an end by the end user; legacy ones do not', async () => {
    const one = await at.talk();
    await at.userEnds(one);
    const survey = await at.survey(one, 'sent');
    expect(survey).toMatchObject({ link: expect.stringContaining('/surveys/'), endedBy: 'end_user' });
    expect((await at.forms(one)).map(({ id }) => id)).toEqual([survey.formId]);

    await at.surveys({ mode: 'legacy', sendOn: ['end_user_ended', 'ticket_solved'] });
    const other = await at.talk();
    await at.userEnds(other);
    expect(await at.survey(other, 'suppressed')).toMatchObject({ suppressedBecause: 'legacy_end_user_ended' });
    const { data } = await at.heard.event('session.ended', other.id);
    expect((data as Json).csat).toMatchObject({ eligible: false, suppressedBecause: 'legacy_end_user_ended' });
  });
});
