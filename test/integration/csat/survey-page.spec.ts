import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Db } from '../../../src/platform/postgres/index.js';
import { until } from '../../support/until.js';
import { filled, good, SurveyDesk, type Talk } from './survey-desk.js';

let at: SurveyDesk;
let sql: Client;

beforeAll(async () => {
  at = await SurveyDesk.start();
  sql = new Client(at.desk.started.app.get(Db).url);
  await sql.connect();
}, 60_000);
afterAll(async () => {
  await sql?.end();
  await at?.close();
});
beforeEach(() => at.surveys({ delivery: 'both' }));

interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

async function open(link: string, form?: Readonly<Record<string, string>>): Promise<Page> {
  const response = await fetch(link, form && { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, headers: response.headers, html: await response.text() };
}
const heading = ({ html }: Page): string | undefined => /<h1>([^<]*)<\/h1>/.exec(html)?.[1];
const closed = (one: Talk) => at.survey(one, 'expired');

describe('the page behind a signed link', () => {
  it('asks, takes one answer, and tells a repeat that it has it', async () => {
    const one = await at.rated();
    const { link } = one.survey;
    const written = (await good(at.desk.app.get(`/conversations/${one.id}/messages`))).messages.at(-1);
    expect(written).toMatchObject({ id: one.survey.formId, content: { type: 'form' } });
    expect(written.metadata).toMatchObject({
      surveyId: one.survey.id,
      surveyUrl: expect.stringContaining('/surveys/'),
    });

    const asked = await open(link);
    expect([asked.status, asked.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(asked.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(asked.headers.get('cache-control')).toBe('no-store');
    expect(asked.html.match(/type="radio"/g)).toHaveLength(5);

    const session = await at.session(one);
    const thanked = await open(written.metadata.surveyUrl, { score: '5', comment: 'grand <b>merci</b>\r\nAnn' });
    expect([thanked.status, heading(thanked)]).toEqual([200, 'Thank you for your feedback.']);
    const again = await open(link, { score: '1' });
    expect([again.status, heading(again)]).toEqual([200, 'We have your answer already. Thank you.']);
    expect(heading(await open(link))).toBe('We have your answer already. Thank you.');

    expect(await at.survey(one, 'answered')).toMatchObject({
      score: 5,
      comment: 'grand <b>merci</b>\nAnn',
      via: 'link',
      answerId: null,
    });
    expect((await at.forms(one))[0].content.submitted).toBe(true);
    expect((await at.answers(one, filled(one.survey.formId, 1))).body.errors[0].code).toBe('survey_answered');
    expect(await at.session(one)).toEqual(session);
    const { data } = await at.heard.event('csat.answered', one.id);
    expect(data).toMatchObject({ score: 5, messageId: null, by: { type: 'system', id: null } });
    expect(at.heard.of('csat.answered', one.id)).toHaveLength(1);
  });

  it('keeps no card number of a comment where the app has them masked', async () => {
    const mask = (on: boolean) =>
      sql.query(
        `UPDATE app SET settings = settings || jsonb_build_object('maskCreditCardNumbers', $1::boolean),
                        config_version = config_version + 1`,
        [on],
      );
    await mask(true);
    const one = await at.rated();
    await open(one.survey.link, { score: '4', comment: 'You charged 4111111111111111' });
    expect(await at.survey(one, 'answered')).toMatchObject({ comment: 'You charged ************1111' });
    await mask(false);
  });

  it('takes one of many answers that come together', async () => {
    const one = await at.rated();
    const pages = await Promise.all(['1', '2', '3', '4', '5'].map((score) => open(one.survey.link, { score })));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const thanked = pages.filter((page) => heading(page) === 'Thank you for your feedback.');
    expect(thanked).toHaveLength(1);
    expect(await at.survey(one, 'answered')).toMatchObject({ score: pages.indexOf(thanked[0]!) + 1 });
  });

  it('comes back with what was written when no rating was chosen', async () => {
    const one = await at.rated();
    const missing: Record<string, string>[] = [
      { comment: 'hm' },
      { score: '6', comment: 'hm' },
      { score: 'five', comment: 'hm' },
    ];
    for (const form of missing) {
      const page = await open(one.survey.link, form);
      expect(page.status).toBe(422);
      expect(page.html).toContain('role="alert">Please choose a rating.');
      expect(page.html).toContain('>hm</textarea>');
    }
    expect(await at.survey(one, 'sent')).toMatchObject({ score: null });
  });

  it('knows no link that was changed, made up or signed for another survey', async () => {
    const [one, other] = [await at.rated(), await at.rated()];
    const { link, id } = one.survey;
    const expiry = link.split('-').at(-2);
    const wrong = [
      link.replace(id, other.survey.id),
      link.replace(`-${expiry}-`, `-${expiry}0-`),
      link.slice(0, -2),
      `${new URL(link).origin}/surveys/x`,
      `${new URL(link).origin}/surveys/${id}`,
    ];
    for (const address of wrong) {
      const seen = await open(address);
      expect([seen.status, heading(seen)]).toEqual([404, 'There is no survey at this address.']);
      expect((await open(address, { score: '5' })).status).toBe(404);
    }
  });

  it('is closed once the survey is, to the form in the conversation too', async () => {
    const one = await at.rated();
    await sql.query(`UPDATE survey SET expires_at = clock_timestamp() WHERE id = $1`, [one.survey.id]);
    const late = await open(one.survey.link, { score: '5' });
    expect([late.status, heading(late)]).toEqual([410, 'This survey is closed.']);
    await closed(one);
    expect((await open(one.survey.link)).status).toBe(410);
    expect(await at.survey(one, 'expired')).toMatchObject({ score: null, link: null });
  });

  it('a link is over at its own expiry, whatever the row says', async () => {
    const one = await at.rated();
    const { SurveyLinks } = await import('../../../src/conversation/index.js');
    const links = at.desk.started.app.get(SurveyLinks);
    const { rows } = await sql.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    const now = rows[0]?.now.getTime() ?? 0;
    expect((await open(links.urlOf(one.survey.id, now - 1))).status).toBe(410);
    expect((await open(links.urlOf(one.survey.id, now + 60_000))).status).toBe(200);
  });

  it('is gone with its conversation, and what was written there with it', async () => {
    const [one, other] = [await at.rated(), await at.rated()];
    await open(one.survey.link, { score: '2', comment: 'my secret' });
    for (const { id } of [one, other]) {
      await sql.query('UPDATE conversation SET is_default = false WHERE id = $1', [id]);
      await good(at.desk.app.delete(`/conversations/${id}`));
    }
    expect(await at.survey(one, 'answered')).toMatchObject({ score: 2, comment: null });
    expect(await at.survey(other, 'suppressed')).toMatchObject({ suppressedBecause: 'conversation_removed' });
    expect((await open(other.survey.link, { score: '2' })).status).toBe(404);
  });

  it('keeps no words of an end user who is deleted, also where the conversation stays', async () => {
    const { app } = at.desk;
    const [ann, ben] = [await at.desk.conversation(), await at.desk.conversation()];
    const participants = [ann, ben].map(({ userId }) => ({ userId, subscribeSDKClient: false }));
    const { conversation } = await good(app.post('/conversations', { type: 'sdkGroup', participants }));
    const user = at.desk.user(ann.externalId);
    await at.writes({ id: conversation.id, user });
    await good(app.post(`/conversations/${conversation.id}/passControl`, { switchboardIntegration: 'desk' }));
    const session = await at.liveSession(conversation.id);
    const group = { ...ann, id: conversation.id, user, sessionId: session.id };
    await at.agentEnds(group);
    const { formId } = await at.survey(group, 'sent');
    await good(at.answers(group, filled(formId, 1, 'Ann was here')));
    expect(await at.survey(group, 'answered')).toMatchObject({ comment: 'Ann was here' });
    await good(app.delete(`/users/${ann.userId}`));
    expect(await at.survey(group, 'answered')).toMatchObject({ score: 1, comment: null });
  });

  it('takes forms as browsers send them, on no other route', async () => {
    const one = await at.rated();
    const json = await fetch(one.survey.link, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'score=5',
    });
    expect(json.status).toBe(415);
    const elsewhere = await fetch(`${at.desk.started.url}/v2/apps`, {
      method: 'POST',
      body: new URLSearchParams({ displayName: 'x' }),
    });
    expect([elsewhere.status, ((await elsewhere.json()) as { errors: { code: string }[] }).errors[0]?.code]).toEqual([
      415,
      'unsupported_media_type',
    ]);
  });
});

describe('a survey that is asked by link', () => {
  it('is a message with the link in it', async () => {
    await at.surveys({ delivery: 'link', form: { scale: 'thumbs', comment: false, languages: {} } });
    const one = await at.rated();
    const message = (await at.messages(one)).at(-1);
    expect(message.content).toMatchObject({
      type: 'text',
      actions: [{ type: 'link', uri: expect.stringContaining('/surveys/') }],
    });
    const page = await open(message.content.actions[0].uri);
    expect(page.html.match(/type="radio"/g)).toHaveLength(2);
    expect(page.html).not.toContain('<textarea');
    await open(message.content.actions[0].uri, { score: '0', comment: 'not asked for' });
    expect(await at.survey(one, 'answered')).toMatchObject({ scale: 'thumbs', score: 0, comment: null });
  });

  it('follows a removal of messages with its words', async () => {
    const one = await at.rated();
    await at.answers(one, filled(one.survey.formId, 3, 'to be forgotten'));
    await at.survey(one, 'answered');
    await good(at.desk.app.delete(`/conversations/${one.id}/messages`));
    await until(async () => (await at.survey(one, 'answered')).comment === null, { what: 'the comment to be gone' });
    expect(await at.survey(one, 'answered')).toMatchObject({ score: 3 });
  });
});
