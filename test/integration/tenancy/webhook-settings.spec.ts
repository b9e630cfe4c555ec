import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../../src/platform/postgres/index.js';
import { unbound } from '../../support/unbound.js';
import { made, openStage, refusal, webhookBody, type Bot, type Json, type Stage, type Tenant } from './stage.js';

const HOUR = 3600;
const retryPolicy = { schedule: [0, 60, HOUR, 24 * HOUR], windowSeconds: 72 * HOUR };

let stage: Stage;
let tenant: Tenant;
beforeAll(async () => {
  stage = await openStage();
  tenant = await stage.tenant();
});
afterAll(() => stage.close());

const at = ({ id }: Bot): string => `${tenant.path}/integrations/${id}`;
const hookOf = (bot: Bot): string => `${at(bot)}/webhooks/${bot.webhook.id}`;
const shown = async (bot: Bot): Promise<Json> => (await tenant.caller.get(hookOf(bot))).body.webhook;

/** An app has ten webhooks at most. */
async function fresh(): Promise<Bot> {
  tenant = await stage.tenant();
  return tenant.bot();
}

describe('the policy of a webhook', () => {
  it('is shown where it is set, and nowhere else', async () => {
    const bot = await fresh();
    expect(await shown(bot)).not.toHaveProperty('retryPolicy');
    const { body } = await tenant.caller.patch(hookOf(bot), { retryPolicy });
    expect(body.webhook).toEqual({ ...bot.webhook, retryPolicy });
    expect(await shown(bot)).toEqual({ ...bot.webhook, retryPolicy });
    const renamed = await tenant.caller.patch(hookOf(bot), { includeFullUser: true });
    expect(renamed.body.webhook.retryPolicy).toEqual(retryPolicy);
    const without = await tenant.caller.patch(hookOf(bot), { retryPolicy: null });
    expect(without.body.webhook).toEqual({ ...bot.webhook, includeFullUser: true });
    expect(await shown(bot)).not.toHaveProperty('retryPolicy');
  });

  it('is given with the webhook, with its integration, and by a PATCH of that', async () => {
    const bot = await fresh();
    const body = { type: 'custom', webhooks: [{ ...webhookBody, retryPolicy }] };
    const { integration } = made(await tenant.caller.post(`${tenant.path}/integrations`, body));
    expect(integration.webhooks[0].retryPolicy).toEqual(retryPolicy);
    const nulls = { type: 'custom', webhooks: [{ ...webhookBody, retryPolicy: null }] };
    const { integration: other } = made(await tenant.caller.post(`${tenant.path}/integrations`, nulls));
    expect(other.webhooks[0]).not.toHaveProperty('retryPolicy');

    const patched = await tenant.caller.patch(at(bot), { webhooks: [{ retryPolicy, includeFullSource: true }] });
    expect(patched.body.integration.webhooks).toEqual([{ ...bot.webhook, includeFullSource: true, retryPolicy }]);
    expect(await shown(bot)).toEqual({ ...bot.webhook, includeFullSource: true, retryPolicy });

    await tenant.caller.delete(hookOf(bot));
    const { webhook } = made(await tenant.caller.post(`${at(bot)}/webhooks`, { ...webhookBody, retryPolicy }));
    expect(webhook.retryPolicy).toEqual(retryPolicy);
  });

  it.each<[object | string | number, string]>([
    [{ schedule: [0, 60] }, "retryPolicy should have required property 'windowSeconds'"],
    [{ windowSeconds: 60 }, "retryPolicy should have required property 'schedule'"],
    [{ schedule: [], windowSeconds: 60 }, 'retryPolicy.schedule'],
    [{ schedule: [0, 1.5], windowSeconds: 60 }, 'retryPolicy.schedule'],
    [{ schedule: [0, '60'], windowSeconds: 60 }, 'retryPolicy.schedule'],
    [{ schedule: [0, -1], windowSeconds: 60 }, 'retryPolicy.schedule'],
    [{ schedule: [5, 60], windowSeconds: 100 }, 'retryPolicy.schedule should begin with 0'],
    [{ schedule: [0, 0], windowSeconds: 100 }, 'retryPolicy.schedule should begin with 0'],
    [{ schedule: [0, 72 * HOUR + 1], windowSeconds: 72 * HOUR }, 'retryPolicy.schedule'],
    [{ schedule: [0, ...Array(100).fill(1)], windowSeconds: HOUR }, 'retryPolicy.schedule'],
    [{ schedule: [0, 60, 60], windowSeconds: 119 }, 'retryPolicy.windowSeconds should not be shorter than the waits'],
    [{ schedule: [0], windowSeconds: 72 * HOUR + 1 }, 'retryPolicy.windowSeconds'],
    [{ schedule: [0], windowSeconds: 0 }, 'retryPolicy.windowSeconds'],
    ['often', 'retryPolicy'],
    [7, 'retryPolicy'],
  ])('%j is refused in words that name the field', async (policy, words) => {
    const bot = await fresh();
    const change = { ...webhookBody, retryPolicy: policy };
    const create = { type: 'custom', webhooks: [change] };
    for (const [answer, place] of [
      [await tenant.caller.patch(hookOf(bot), { retryPolicy: policy }), ''],
      [await tenant.caller.patch(at(bot), { webhooks: [{ retryPolicy: policy }] }), 'webhooks.0.'],
      [await tenant.caller.post(`${tenant.path}/integrations`, create), 'webhooks.0.'],
    ] as const) {
      expect(refusal(answer).slice(0, 2)).toEqual([400, 'bad_request']);
      expect(answer.body.errors.map(({ title }: Json) => title).join('; ')).toContain(place + words);
    }
    expect(await shown(bot)).toEqual(bot.webhook);
  });
});

describe('what cannot be set', () => {
  it('is refused: a secret of the caller’s own, but not the one that is sent back as it was read', async () => {
    const bot = await fresh();
    const own = { secret: 'a secret of my own choosing' };
    for (const answer of [
      await tenant.caller.patch(hookOf(bot), own),
      await tenant.caller.patch(at(bot), { webhooks: [own] }),
      await tenant.caller.post(`${tenant.path}/integrations`, {
        type: 'custom',
        webhooks: [{ ...webhookBody, ...own }],
      }),
    ]) {
      expect(refusal(answer)).toEqual([400, 'bad_request', expect.stringMatching(/^secret cannot be/)]);
    }
    const back = await tenant.caller.patch(hookOf(bot), { ...bot.webhook, includeFullUser: true });
    expect(back.body.webhook).toEqual({ ...bot.webhook, includeFullUser: true });
  });

  it('is refused: webhooks of a channel, and of an integration that has none any more', async () => {
    const bot = await fresh();
    const channel = { type: 'web', webhooks: [webhookBody] };
    expect(refusal(await tenant.caller.post(`${tenant.path}/integrations`, channel))[0]).toBe(400);
    const { integration: web } = made(await tenant.caller.post(`${tenant.path}/integrations`, { type: 'web' }));
    const patch = { webhooks: [{ includeFullUser: true }] };
    expect(refusal(await tenant.caller.patch(`${tenant.path}/integrations/${web.id}`, patch))[0]).toBe(400);
    await tenant.caller.delete(hookOf(bot));
    const gone = refusal(await tenant.caller.patch(at(bot), { ...patch, displayName: 'changed' }));
    expect(gone).toEqual([400, 'bad_request', expect.stringContaining('has none any more')]);
    expect((await tenant.caller.get(at(bot))).body.integration.displayName).toBe('bot');
  });
});

describe('the secret of a webhook', () => {
  const rotate = (bot: Bot, body?: object) => bot.caller.post(`${hookOf(bot)}/rotateSecret`, body);

  it('is replaced by a new one, which is shown from then on, while the old one is good for a day', async () => {
    const bot = await fresh();
    const { status, body } = await rotate(bot);
    expect(status).toBe(200);
    expect(body.webhook).toEqual({ ...bot.webhook, secret: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(body.webhook.secret).not.toBe(bot.webhook.secret);
    expect(Math.abs(Date.parse(body.oldSecretExpiresAt) - Date.now() - 24 * HOUR * 1000)).toBeLessThan(60_000);
    expect(await shown(bot)).toEqual(body.webhook);
    const [old] = await unbound(stage.started.app.get(Db))
      .selectFrom('webhook_old_secret')
      .selectAll()
      .where('webhook_id', '=', bot.webhook.id)
      .execute();
    expect(old?.secret.includes(bot.webhook.secret)).toBe(false);
  });

  it('has three old ones at most, and none after a rotation without overlap', async () => {
    const bot = await fresh();
    for (const overlapSeconds of [1, 2, 3].map((days) => days * 24 * HOUR)) {
      expect((await rotate(bot, { overlapSeconds })).status).toBe(200);
    }
    expect(refusal(await rotate(bot, { overlapSeconds: 1 })).slice(0, 2)).toEqual([409, 'conflict']);
    expect((await rotate(bot, { overlapSeconds: 0 })).body.oldSecretExpiresAt).toBeNull();
    expect((await rotate(bot, { overlapSeconds: 1 })).status).toBe(200);
  });

  it.each([-1, 72 * HOUR + 1, 1.5, '60', null])('refuses an overlap of %j', async (overlapSeconds) => {
    const bot = await fresh();
    const [status, code, title] = refusal(await rotate(bot, { overlapSeconds }));
    expect([status, code, title]).toEqual([400, 'bad_request', expect.stringContaining('overlapSeconds')]);
    expect(await shown(bot)).toEqual(bot.webhook);
  });

  it('is rotated by its own integration, also as `me`, and by no other', async () => {
    const bot = await fresh();
    const other = await tenant.bot();
    const path = (id: string, hook: Json) => `${tenant.path}/integrations/${id}/webhooks/${hook.id}/rotateSecret`;
    expect((await bot.caller.post(path('me', bot.webhook), {})).status).toBe(200);
    expect((await bot.caller.post(path('me', other.webhook), {})).status).toBe(404);
    expect((await bot.caller.post(path(other.id, other.webhook), {})).status).toBe(403);
    expect(await shown(other)).toEqual(other.webhook);
  });

  it('is rotated once under one idempotency key, and its answer is not stored as it is', async () => {
    const bot = await fresh();
    const send = () => bot.caller.post(`${hookOf(bot)}/rotateSecret`, {}, { 'idempotency-key': 'once' });
    const first = await send();
    expect(await send()).toEqual(first);
    const kept = await unbound(stage.started.app.get(Db)).selectFrom('idempotency').select('answer').execute();
    expect(kept.length).toBeGreaterThan(0);
    for (const { answer } of kept) expect(answer.includes(first.body.webhook.secret)).toBe(false);
  });

  it('leaves a line in the audit log that tells of no secret', async () => {
    const bot = await fresh();
    const { body } = await rotate(bot);
    const { entries } = (await stage.account.get(`${tenant.path}/audit`)).body;
    expect(entries.at(-1)).toMatchObject({
      action: 'webhook.rotateSecret',
      subject: bot.webhook.id,
      by: { type: 'integration', keyId: bot.key.id },
      before: { secret: '[left out]' },
      after: { secret: '[left out]', oldSecretExpiresAt: body.oldSecretExpiresAt },
    });
    for (const secret of [bot.webhook.secret, body.webhook.secret])
      expect(JSON.stringify(entries)).not.toContain(secret);
  });

  it('goes with its webhook, its integration and its app, and so does whose the webhook was', async () => {
    const rows = async (): Promise<readonly number[]> => {
      const db = unbound(stage.started.app.get(Db));
      const of = (table: 'webhook_old_secret' | 'former_webhook') =>
        db.selectFrom(table).select('id').where('app_id', '=', tenant.id).execute();
      return [(await of('webhook_old_secret')).length, (await of('former_webhook')).length];
    };
    const [bot, other] = [await fresh(), await tenant.bot()];
    await rotate(bot);
    await rotate(other);
    expect(await rows()).toEqual([2, 0]);
    await tenant.caller.delete(hookOf(bot));
    expect(await rows()).toEqual([1, 1]);
    await tenant.caller.delete(at(bot));
    expect(await rows()).toEqual([1, 0]);
    await tenant.caller.delete(at(other));
    expect(await rows()).toEqual([0, 0]);
  });
});
