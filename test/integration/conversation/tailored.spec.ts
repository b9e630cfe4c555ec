import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { userToken } from '../../support/furnished.js';
import { webhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.js';
import { made, openStage, refusal, type Caller, type Stage, type Tenant } from '../tenancy/stage.js';

const CARD = '4111 1111 1111 1111';
const MASKED = '**** **** **** 1111';

let stage: Stage;
let tenant: Tenant;
let receiver: WebhookReceiver;
let visitor: Caller;
let client: string;
let messages: string;

beforeAll(async () => {
  stage = await openStage();
  tenant = await stage.tenant({ maskCreditCardNumbers: true, useAnimalNames: true });
  receiver = await webhookReceiver();
  const webhooks = [{ target: receiver.url, triggers: ['conversation:message'] }];
  made(await tenant.caller.post(`${tenant.path}/integrations`, { type: 'custom', webhooks }));
  visitor = stage.as(`Bearer ${await userToken(tenant.key, { scope: 'user', external_id: 'ana' })}`);
  const { conversation } = made(await visitor.post(`/client/v1/apps/${tenant.id}/conversations`, {}));
  client = `/client/v1/apps/${tenant.id}/conversations/${conversation.id}/messages`;
  messages = `${tenant.path}/conversations/${conversation.id}/messages`;
});
afterAll(async () => {
  await receiver?.close();
  await stage?.close();
});

it('no card number is answered, kept or told, whoever wrote it', async () => {
  const content = { type: 'text', text: `Take ${CARD}` };
  const said = made(await visitor.post(client, { content })).messages[0];
  const sent = made(await tenant.caller.post(messages, { author: { type: 'business' }, content })).messages[0];
  for (const { id, content: answered } of [said, sent]) {
    expect(answered.text).toBe(`Take ${MASKED}`);
    const { event } = await receiver.next(({ event: one }) => one.payload.message?.id === id);
    expect(event.payload.message.content.text).toBe(`Take ${MASKED}`);
  }
  const { body } = await tenant.caller.get(messages);
  expect(body.messages.map((one: { content: { text: string } }) => one.content.text)).toEqual(
    Array(2).fill(`Take ${MASKED}`),
  );
  expect(said.author.displayName).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
  expect(sent.author.displayName).toBeUndefined();
});

it('a message that asks for what has no effect is refused and not written', async () => {
  const content = { type: 'text', text: 'hello' };
  const post = (more: object) => tenant.caller.post(messages, { author: { type: 'business' }, content, ...more });
  const before = (await tenant.caller.get(messages)).body;
  for (const more of [
    { destination: { integrationType: 'none' } },
    { override: { line: { payload: {} } } },
    { schema: 'whatsapp' },
  ])
    expect(refusal(await post(more)).slice(0, 2)).toEqual([400, 'bad_request']);
  expect((await tenant.caller.get(messages)).body).toEqual(before);
  made(await post({ destination: null, override: null, schema: null }));
});
