import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Db } from '../../../src/platform/postgres/index.js';
import { startDesk, type Answered, type Desk } from '../../support/desk.js';
import { eventViolations, violations } from '../../support/facts.js';
import { tablesWith } from '../../support/tables-with.js';
import { until } from '../../support/until.js';
import { webhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.js';

type Json = Answered['body'];

const fields = [
  { type: 'text', name: 'name', label: 'Your name', minSize: 2, maxSize: 20 },
  { type: 'email', name: 'mail', label: 'Your address' },
  {
    type: 'select',
    name: 'tea',
    label: 'Tea',
    options: [
      { name: 'green', label: 'Green tea' },
      { name: 'black', label: 'Black tea' },
    ],
  },
];

/** A bot asks, and the end user fills in, through the client API. */
describe("a bot's form", () => {
  let desk: Desk;
  let receiver: WebhookReceiver;
  let sql: Client;
  beforeAll(async () => {
    desk = await startDesk({ settings: { disableConversationReopen: true } });
    receiver = await webhookReceiver();
    const webhooks = [{ target: receiver.url, triggers: ['conversation:message'] }];
    await good(desk.app.post('/integrations', { type: 'custom', webhooks }));
    sql = new Client(desk.started.app.get(Db).url);
    await sql.connect();
  });
  afterAll(async () => {
    await sql?.end();
    await desk?.close();
    await receiver?.close();
  });

  async function good(answer: Promise<Answered>): Promise<Json> {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  }

  const codeOf = async (answer: Promise<Answered>): Promise<readonly unknown[]> => {
    const { status, body } = await answer;
    return [status, body.errors?.[0]?.code];
  };

  async function asked(content: object = { type: 'form', blockChatInput: true, fields }) {
    const talk = await desk.conversation();
    const path = `/conversations/${talk.id}/messages`;
    const posted = await good(
      desk.bot.call.post(path, { author: { type: 'business' }, content, metadata: { step: 1 } }),
    );
    return { ...talk, path, user: desk.user(talk.externalId), form: posted.messages[0] as Json };
  }

  /** As the widget sends it. */
  const filled = (formId: string, name = 'Ana') => ({
    content: {
      type: 'formResponse',
      fields: [
        { type: 'text', name: 'name', label: 'Your name', text: name, quotedMessageId: formId },
        { type: 'email', name: 'mail', email: 'ana@example.org', quotedMessageId: formId },
        { type: 'select', name: 'tea', select: [{ name: 'black' }], quotedMessageId: formId },
      ],
    },
  });

  it('is answered by a message that quotes it, and is submitted from then on', async () => {
    const { id, path, user, form, userId } = await asked();
    expect(form.content).toMatchObject({ submitted: false, blockChatInput: true });
    const { messages } = await good(user.post(path, filled(form.id)));
    const submitted = { ...form, content: { ...form.content, submitted: true } };
    // What the business notes beside its words is not for end users.
    const { metadata: _notes, ...shown } = submitted;
    expect(messages).toEqual([
      {
        id: expect.any(String),
        received: expect.any(String),
        author: { type: 'user', userId, displayName: 'Ana Lima' },
        source: expect.objectContaining({ type: 'web' }),
        content: {
          type: 'formResponse',
          fields: [
            { type: 'text', name: 'name', label: 'Your name', text: 'Ana' },
            { type: 'email', name: 'mail', label: 'Your address', email: 'ana@example.org' },
            { type: 'select', name: 'tea', label: 'Tea', select: [{ name: 'black', label: 'Black tea' }] },
          ],
          textFallback: 'Your name: Ana\nYour address: ana@example.org\nTea: Black tea',
        },
        quotedMessage: { type: 'message', message: shown },
      },
    ]);
    const listed = await desk.app.get(path);
    const [answer] = messages;
    const quoted = { type: 'message', message: submitted };
    expect(listed.body.messages).toEqual([submitted, { ...answer, quotedMessage: quoted }]);
    expect(violations('GET', `/v2/apps/${desk.appId}${path}`, listed.status, listed.body)).toEqual([]);

    const told = () =>
      receiver.received.map(({ event }) => event).filter(({ payload }) => payload.message?.id === messages[0].id);
    await until(() => told().length > 0, { what: 'the webhook of the answer' });
    expect(told().flatMap(eventViolations)).toEqual([]);
    expect(told()[0]?.payload).toMatchObject({
      conversation: { id },
      message: { content: messages[0].content, quotedMessage: messages[0].quotedMessage },
    });
  });

  it('begins a session as any message of the end user does', async () => {
    const { path, user, form, userId } = await asked();
    expect((await good(desk.app.get(`/sessions?filter[userId]=${userId}`))).sessions).toEqual([]);
    await good(user.post(path, filled(form.id)));
    expect((await good(desk.app.get(`/sessions?filter[userId]=${userId}`))).sessions).toMatchObject([
      { status: 'ACTIVE', messages: { endUser: 1 } },
    ]);
  });

  it('has one answer, whoever comes at the same time; a repeat under its key is told the first', async () => {
    const { path, user, form } = await asked();
    const tries = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        user.post(path, filled(form.id, `Ana ${n}`), { 'idempotency-key': `k-${form.id}-${n}` }),
      ),
    );
    const taken = tries.findIndex(({ status }) => status === 201);
    expect(tries.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    expect(await codeOf(user.post(path, filled(form.id)))).toEqual([409, 'form_submitted']);
    const again = user.post(path, filled(form.id, `Ana ${taken}`), { 'idempotency-key': `k-${form.id}-${taken}` });
    expect((await again).body).toEqual(tries[taken]?.body);
    const { messages } = await good(desk.app.get(path));
    expect(messages.map(({ content }: Json) => content.type)).toEqual(['form', 'formResponse']);
    // A refused answer does not stand in the way of words.
    await good(user.post(path, { content: { type: 'text', text: 'Hello' } }));
  });

  it('is answered by the end user of its conversation, and nobody else', async () => {
    const { path, user, form } = await asked();
    const other = await asked();
    expect(await codeOf(other.user.post(path, filled(form.id)))).toEqual([404, 'conversation_not_found']);
    expect(await codeOf(other.user.post(other.path, filled(form.id)))).toEqual([404, 'not_found']);
    for (const author of [{ type: 'business' }, { type: 'user', userId: other.userId }])
      expect(await codeOf(desk.app.post(path, { author, ...filled(form.id) }))).toEqual([400, 'bad_request']);
    const [mine] = (await good(user.post(path, { content: { type: 'form', fields } }))).messages;
    expect(await codeOf(user.post(path, filled(mine.id)))).toEqual([400, 'bad_request']);
    const [said] = (await good(user.post(path, { content: { type: 'text', text: 'Hello' } }))).messages;
    expect(await codeOf(user.post(path, filled(said.id)))).toEqual([400, 'bad_request']);
    expect(await codeOf(user.post(path, filled('0123456789abcdef01234567')))).toEqual([404, 'not_found']);
    const words = { author: { type: 'business' }, content: { type: 'text', text: 'Hello' } };
    const [answered] = (await good(desk.app.post(path, words))).messages;
    const { body } = await user.post(path, filled(answered.id));
    expect(body.errors[0]).toMatchObject({ code: 'bad_request', title: 'Only forms of the business can be answered' });
    // What is wrong with an answer tells what the form asks for: only those who take part may hear it.
    const guessed = { type: 'text', name: 'guess', text: 'x', quotedMessageId: form.id };
    const guess = { content: { type: 'formResponse', fields: [guessed] } };
    expect(await codeOf(user.post(path, guess))).toEqual([400, 'bad_request']);
    expect(await codeOf(other.user.post(path, guess))).toEqual([404, 'conversation_not_found']);
    expect((await good(desk.app.get(path))).messages[0].content.submitted).toBe(false);
  });

  it('takes only what it asks for', async () => {
    const { path, user, form } = await asked();
    const [name, mail, tea] = filled(form.id).content.fields as [object, object, object];
    const wrong: (readonly object[])[] = [
      [],
      [name, mail],
      [name, name, mail, tea],
      [{ ...name, text: 'A' }, mail, tea],
      [{ ...name, text: 'x'.repeat(21) }, mail, tea],
      [{ ...name, text: undefined }, mail, tea],
      [name, { ...mail, email: 'nowhere' }, tea],
      [name, mail, { ...tea, select: [{ name: 'coffee' }] }],
      [name, mail, { ...tea, select: [] }],
      [name, mail, { ...tea, quotedMessageId: '0123456789abcdef01234567' }],
      [name, mail, tea, { ...name, name: 'more' }],
    ];
    for (const one of wrong)
      expect([one, ...(await codeOf(user.post(path, { content: { type: 'formResponse', fields: one } })))]).toEqual([
        one,
        400,
        'bad_request',
      ]);
    await good(user.post(path, filled(form.id)));
  });

  it('takes no answer once the conversation has ended, or the form is gone', async () => {
    const { path, user, form, userId } = await asked();
    await good(user.post(path, { content: { type: 'text', text: 'Hello' } }));
    const second = (
      await good(desk.bot.call.post(path, { author: { type: 'business' }, content: { type: 'form', fields } }))
    ).messages[0];
    await good(desk.app.delete(`${path}/${second.id}`));
    expect(await codeOf(user.post(path, filled(second.id)))).toEqual([404, 'not_found']);
    const [session] = (await good(desk.app.get(`/sessions?filter[userId]=${userId}`))).sessions;
    await good(desk.app.post(`/sessions/${session.id}/end`));
    expect(await codeOf(user.post(path, filled(form.id)))).toEqual([409, 'conversation_ended']);
  });

  it('that is deleted loses its words in what quotes it', async () => {
    const { path, user, form } = await asked({ type: 'form', text: 'canaryword', fields: fields.slice(0, 1) });
    const [name] = filled(form.id).content.fields;
    await good(user.post(path, { content: { type: 'formResponse', fields: [name] } }, { 'idempotency-key': form.id }));
    expect(await tablesWith(sql, 'canaryword')).toEqual(['delivery', 'idempotency', 'message']);
    await good(desk.app.delete(`${path}/${form.id}`));
    expect(await tablesWith(sql, 'canaryword')).toEqual([]);
    const [left, ...others] = (await good(desk.app.get(path))).messages;
    expect(others).toEqual([]);
    expect(left.quotedMessage.message).toMatchObject({ id: form.id, deleted: true });
  });
});
