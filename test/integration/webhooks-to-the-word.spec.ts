import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { Db } from '../../src/platform/postgres/index.js';
import { OldSecrets } from '../../src/webhooks/sending/old-secrets.store.js';
import { unbound } from '../support/unbound.js';
import { until } from '../support/until.js';
import { webhookReceiver, type Received, type WebhookReceiver } from '../support/webhook-receiver.js';
import { made, openStage, refusal, type Bot, type Json, type Stage, type Tenant } from './tenancy/stage.js';

/** What is said of a webhook's deliveries, over HTTP and through the lanes of a whole server. */
let stage: Stage;
let tenant: Tenant;
let receiver: WebhookReceiver;
beforeAll(async () => {
  stage = await openStage({ settings: { SWITCHBOARD_WEBHOOK_ALLOW: '127.0.0.0/8' } });
  tenant = await stage.tenant({ multiConvoEnabled: true });
  receiver = await webhookReceiver();
});
afterAll(async () => {
  await stage.close();
  await receiver.close();
});

interface Heard {
  readonly bot: Bot;
  readonly hook: string;
  /** Requests so far. */
  readonly requests: () => readonly Received[];
}

let serial = 0;

/** An integration of its own place at the receiver, which hears of messages. */
async function heard(of: Tenant = tenant): Promise<Heard> {
  const bot = await of.bot();
  const hook = `${of.path}/integrations/${bot.id}/webhooks/${bot.webhook.id}`;
  const target = `${receiver.url}/${++serial}`;
  const at = new URL(target).pathname;
  done(await of.caller.patch(hook, { target }));
  return { bot, hook, requests: () => receiver.received.filter(({ path }) => path === at) };
}

const done = ({ status, body }: { status: number; body: Json }): Json => {
  if (status >= 300) throw new Error(`not done: ${status} ${JSON.stringify(body)}`);
  return body;
};

const EXTERNAL = 'ana';

async function say(words: string, { caller, path }: Tenant = tenant): Promise<string> {
  const known = await caller.get(`${path}/users/${EXTERNAL}`);
  const { user } =
    known.status === 200 ? known.body : made(await caller.post(`${path}/users`, { externalId: EXTERNAL }));
  const body = { type: 'personal', participants: [{ userId: user.id }] };
  const { conversation } = made(await caller.post(`${path}/conversations`, body));
  await write(conversation.id, user.id, words, { caller, path });
  return conversation.id;
}

async function write(id: string, userId: string, text: string, { caller, path }: Pick<Tenant, 'caller' | 'path'>) {
  const author = { type: 'user', userId };
  made(await caller.post(`${path}/conversations/${id}/messages`, { author, content: { type: 'text', text } }));
}

const remove = async ({ hook }: Heard): Promise<void> => void done(await tenant.caller.delete(hook));

describe('a policy', () => {
  it('is followed by the server: two attempts instead of five', async () => {
    const one = await heard();
    done(await tenant.caller.patch(one.hook, { retryPolicy: { schedule: [0, 1], windowSeconds: 60 } }));
    receiver.reply(500);
    await say('twice');
    const letters = `${tenant.path}/webhooks/${one.bot.webhook.id}/deadLetters`;
    await until(async () => (await tenant.caller.get(letters)).body.deadLetters.length > 0, { what: 'a dead letter' });
    expect((await tenant.caller.get(letters)).body.deadLetters).toMatchObject([
      { attempts: 2, reason: 'exhausted: status 500' },
    ]);
    expect(one.requests()).toHaveLength(2);
    receiver.reply(200);
    await remove(one);
  });
});

describe('a rotated secret', () => {
  const verifies = ({ raw, headers }: Received, secret: string): boolean => {
    try {
      new Webhook(secret, { format: 'raw' }).verify(raw, headers);
      return true;
    } catch {
      return false;
    }
  };

  /** The first delivery to it that this holds of. */
  async function sent(one: Heard, holds: (request: Received) => boolean, what: string): Promise<Received> {
    return until(
      async () => {
        await say(what);
        return one.requests().find(holds);
      },
      { what },
    );
  }

  it('signs beside the old one until that expires, and nothing keeps that for longer', async () => {
    receiver.reply(200);
    const one = await heard();
    const [old, { webhook }] = [
      one.bot.webhook.secret as string,
      done(await tenant.caller.post(`${one.hook}/rotateSecret`, { overlapSeconds: 3600 })),
    ];
    const both = await sent(one, (request) => verifies(request, webhook.secret), 'a delivery signed by the new one');
    expect(verifies(both, old)).toBe(true);
    expect(both.headers['webhook-signature']!.split(' ')).toHaveLength(2);
    expect(both.headers['x-api-key']).toBe(old);

    const owner = unbound(stage.started.app.get(Db));
    await sql`UPDATE webhook_old_secret SET expires_at = clock_timestamp() WHERE webhook_id = ${webhook.id}`.execute(
      owner,
    );
    const after = await sent(one, (request) => !verifies(request, old), 'a delivery that the old one signs no more');
    expect(verifies(after, webhook.secret)).toBe(true);
    expect(after.headers['x-api-key']).toBe(webhook.secret);
    await new OldSecrets(stage.started.app.get(Db)).forget();
    expect(
      await owner.selectFrom('webhook_old_secret').selectAll().where('webhook_id', '=', webhook.id).execute(),
    ).toEqual([]);
    await remove(one);
  });

  it('loses nothing for a receiver that compares x-api-key with one secret, whenever it moves to the new one', async () => {
    const one = await heard();
    let knows: string = one.bot.webhook.secret;
    receiver.reply(({ headers }) => (headers['x-api-key'] === knows ? 200 : 401));
    const taken = () => one.requests().filter(({ headers }) => headers['x-api-key'] === knows);
    await say('before');
    await until(() => taken().length === 1, { what: 'what was said before' });
    // From here on within the second for which a secret is known, and the receiver moves faster than that.
    const { webhook } = done(await tenant.caller.post(`${one.hook}/rotateSecret`));
    knows = webhook.secret;
    await say('moved');
    await until(() => taken().length === 1, { what: 'what was said after it moved' });
    const letters = await tenant.caller.get(`${tenant.path}/webhooks/${webhook.id}/deadLetters`);
    expect(letters.body.deadLetters).toEqual([]);
    receiver.reply(200);
    await remove(one);
  });
});

describe('a dead letter whose webhook is gone', () => {
  interface Lost {
    readonly one: Heard;
    readonly letter: Json;
    resend(body?: object): Promise<{ status: number; body: Json }>;
  }

  async function lost(): Promise<Lost> {
    const one = await heard();
    receiver.reply(404);
    await say('is anybody there?');
    const letters = `${tenant.path}/webhooks/${one.bot.webhook.id}/deadLetters`;
    const letter = await until(async () => (await tenant.caller.get(letters)).body.deadLetters[0], {
      what: 'a letter',
    });
    await remove(one);
    receiver.reply(200);
    return { one, letter, resend: (body) => tenant.caller.post(`${letters}/${letter.id}/resend`, body) };
  }

  async function newHook({ bot }: Heard): Promise<Json> {
    const target = `${receiver.url}/${++serial}`;
    const body = { target, triggers: ['conversation:message'] };
    const path = `${tenant.path}/integrations/${bot.id}`;
    const { webhook } = made(await tenant.caller.post(`${path}/webhooks`, body));
    return { ...webhook, path: new URL(target).pathname, hook: `${path}/webhooks/${webhook.id}` };
  }

  it('is not sent, because it would be buried again, and says what to name', async () => {
    const { letter, resend, one } = await lost();
    for (const body of [undefined, {}, { webhookId: one.bot.webhook.id }]) {
      const [status, code, title] = refusal(await resend(body));
      expect([status, code, title]).toEqual([409, 'conflict', expect.stringContaining('webhookId')]);
    }
    const again = await tenant.caller.get(`${tenant.path}/webhooks/${one.bot.webhook.id}/deadLetters`);
    expect(again.body.deadLetters).toEqual([letter]);
  });

  it('is sent to the webhook that its integration has now, under the same id, and leaves the list', async () => {
    const { letter, resend, one } = await lost();
    const now = await newHook(one);
    expect(await resend({ webhookId: now.id })).toEqual({ status: 200, body: {} });
    const { body, headers } = await receiver.next(({ path }) => path === now.path);
    expect(headers['webhook-id']).toBe(letter.eventId);
    expect(headers['x-api-key']).toBe(now.secret);
    expect(body).toEqual({
      app: { id: tenant.id },
      webhook: { id: now.id, version: 'v2' },
      events: [letter.event],
    });
    expect((await resend({ webhookId: now.id })).status).toBe(404);
    await tenant.caller.delete(now.hook);
  });

  it('is sent to no webhook of another integration, of another app, or of nobody', async () => {
    const { resend, one } = await lost();
    const [other, foreigner] = [await heard(), await heard(await stage.tenant())];
    const title = expect.stringContaining('another integration');
    expect(refusal(await resend({ webhookId: other.bot.webhook.id }))).toEqual([409, 'conflict', title]);
    for (const webhookId of [foreigner.bot.webhook.id, '0'.repeat(24), 'nobody']) {
      expect(refusal(await resend({ webhookId })).slice(0, 2)).toEqual([404, 'not_found']);
    }
    const stillThere = await tenant.caller.get(`${tenant.path}/webhooks/${one.bot.webhook.id}/deadLetters`);
    expect(stillThere.body.deadLetters).toHaveLength(1);
    expect([...other.requests(), ...foreigner.requests()]).toEqual([]);
    await remove(other);
  });
});
