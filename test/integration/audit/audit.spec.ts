import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppsService } from '../../../src/tenancy/index.js';
import { AuditVerification } from '../../../src/audit/index.js';
import { askedByHouse } from '../../../src/configuration/index.js';
import type { AppId } from '../../../src/kernel/index.js';
import { Db, inApps } from '../../../src/platform/postgres/index.js';
import { made, openStage, refusal, type Json, type Stage, type Tenant } from '../tenancy/stage.js';
import { unbound } from '../../support/unbound.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const read = async (tenant: Tenant, query = ''): Promise<Json[]> => {
  const { status, body } = await stage.account.get(`${tenant.path}/audit?page[size]=100${query}`);
  expect(status).toBe(200);
  return body.entries;
};
const last = async (tenant: Tenant): Promise<Json> => (await read(tenant)).at(-1);
const actions = (entries: Json[]): string[] => entries.map(({ action }) => action);

describe('the audit log', () => {
  it('tells an app from its making on: who, what, before and after', async () => {
    const tenant = await stage.tenant();
    await tenant.caller.send('PATCH', tenant.path, { displayName: 'renamed' }, { 'x-request-id': 'req-7' });
    const [begun, keyed, renamed] = await read(tenant);
    const { id: keyId } = stage.started.accountKey;
    expect(begun).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      number: 1,
      appId: tenant.id,
      by: { type: 'account', keyId, agentId: null },
      requestId: expect.stringMatching(/^[0-9a-f]{24}$/),
      action: 'app.create',
      subject: tenant.id,
      before: null,
      after: { id: tenant.id, displayName: 'tenant' },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(Math.abs(Date.parse(begun.at) - Date.now())).toBeLessThan(60_000);
    expect(keyed).toMatchObject({ action: 'key.create', subject: tenant.key.id, after: { displayName: 'key' } });
    expect(renamed).toMatchObject({
      number: 3,
      by: { type: 'app', keyId: tenant.key.id, agentId: null },
      requestId: 'req-7',
      action: 'app.update',
      before: { displayName: 'tenant' },
      after: { displayName: 'renamed' },
    });
  });

  it('E-16 A-8 tells when the right to end was turned on and off, by whom, with both values', async () => {
    const tenant = await stage.tenant({ multiConvoEnabled: true, disableConversationReopen: true });
    for (const endSessionEnabled of [true, false]) {
      await tenant.caller.patch(tenant.path, { settings: { endSessionEnabled } });
      expect(await last(tenant)).toMatchObject({
        by: { type: 'app', keyId: tenant.key.id },
        action: 'app.update',
        before: { settings: { endSessionEnabled: !endSessionEnabled } },
        after: { settings: { endSessionEnabled } },
      });
    }
    for (const agentsCanEnd of [false, true]) {
      await tenant.caller.patch(tenant.path, { settings: { agentsCanEnd } });
      expect((await last(tenant)).after.settings).toMatchObject({ agentsCanEnd });
    }
  });

  it('keeps one line of a repeated call, and none of a refused one', async () => {
    const tenant = await stage.tenant();
    const before = (await read(tenant)).length;
    const post = () => stage.account.post(`${tenant.path}/keys`, { displayName: 'k' }, { 'idempotency-key': 'one' });
    expect((await post()).body).toEqual((await post()).body);
    expect(await read(tenant)).toHaveLength(before + 1);

    const refused = await tenant.caller.patch(tenant.path, { settings: { endSessionEnabled: true } });
    expect(refused.status).toBe(422);
    expect((await tenant.caller.delete(`${tenant.path}/integrations/${'0'.repeat(24)}`)).status).toBe(404);
    expect(await read(tenant)).toHaveLength(before + 1);
  });

  it('holds a line for every refusal-free change of a switchboard and its parts, without their secrets', async () => {
    const tenant = await stage.tenant();
    const bot = await tenant.bot();
    const { switchboard } = made(await tenant.caller.post(`${tenant.path}/switchboards`));
    const links = `${tenant.path}/switchboards/${switchboard.id}/switchboardIntegrations`;
    const { switchboardIntegration: link } = made(
      await tenant.caller.post(links, { name: 'bot', integrationId: bot.id }),
    );
    await tenant.caller.patch(`${links}/${link.id}`, { messageHistoryCount: 3 });
    const hooks = `${tenant.path}/integrations/${bot.id}/webhooks/${bot.webhook.id}`;
    await bot.caller.patch(hooks, { includeFullUser: true });
    await tenant.caller.delete(`${links}/${link.id}`);
    await tenant.caller.delete(`${tenant.path}/integrations/${bot.id}/keys/${bot.key.id}`);
    await bot.caller.delete(hooks);
    await tenant.caller.delete(hooks);
    const entries = (await read(tenant)).slice(2);
    expect(actions(entries)).toEqual([
      'integration.create',
      'key.create',
      'switchboard.create',
      'switchboardIntegration.create',
      'switchboardIntegration.update',
      'webhook.update',
      'switchboardIntegration.delete',
      'key.delete',
      'webhook.delete',
    ]);
    expect(entries[0].after.webhooks).toEqual([expect.objectContaining({ secret: '[left out]' })]);
    expect(entries[4]).toMatchObject({ before: { messageHistoryCount: null }, after: { messageHistoryCount: 3 } });
    expect(entries[5].by).toEqual({ type: 'integration', keyId: bot.key.id, agentId: null });
    expect(JSON.stringify(entries)).not.toContain(bot.webhook.secret);
    expect(JSON.stringify(entries)).not.toContain(bot.key.secret);
  });

  it('is paged from the newest, and filtered by action, actor, subject and time', async () => {
    const tenant = await stage.tenant();
    for (let i = 0; i < 5; i++) await tenant.caller.patch(tenant.path, { displayName: `name ${i}` });
    const page = async (query: string): Promise<Json> =>
      (await tenant.caller.get(`${tenant.path}/audit?${query}`)).body;
    const newest = await page('page[size]=3');
    expect(newest.entries.map(({ number }: Json) => number)).toEqual([5, 6, 7]);
    expect(newest.meta).toMatchObject({ hasMore: true });
    const older = await page(`page[size]=3&page[before]=${newest.meta.beforeCursor}`);
    expect(older.entries.map(({ number }: Json) => number)).toEqual([2, 3, 4]);
    const onward = await page(`page[size]=3&page[after]=${older.meta.afterCursor}`);
    expect(onward.entries).toEqual(newest.entries);

    const all = await read(tenant);
    const only = async (filter: string): Promise<number[]> =>
      (await read(tenant, `&${filter}`)).map(({ number }) => number);
    expect(await only('filter[action]=app.create')).toEqual([1]);
    expect(await only(`filter[actor]=${stage.started.accountKey.id}`)).toEqual([1, 2]);
    expect(await only(`filter[subject]=${tenant.key.id}`)).toEqual([2]);
    expect(await only(`filter[from]=${all[4].at}`)).toEqual(
      all.filter(({ at }) => at >= all[4].at).map(({ number }) => number),
    );
    expect(await only(`filter[until]=${all[0].at}`)).toEqual([]);
    expect(await only('filter[action]=nothing.such')).toEqual([]);
  });

  it.each([
    'filter[from]=yesterday',
    'filter[from]=2026-03-01',
    'filter[until]=2026-13-01T00:00:00Z',
    `filter[actor]=${'x'.repeat(201)}`,
    'page[after]=7',
  ])('refuses %s', async (query) => {
    const tenant = await stage.tenant();
    expect(refusal(await tenant.caller.get(`${tenant.path}/audit?${query}`)).slice(0, 2)).toEqual([400, 'bad_request']);
  });

  it('is verified over HTTP, against a hash the caller kept', async () => {
    const tenant = await stage.tenant();
    const verify = (query = '') => tenant.caller.get(`${tenant.path}/audit/verify${query}`);
    const { verification } = (await verify()).body;
    const { hash } = await last(tenant);
    expect(verification).toEqual({ after: 0, walked: 2, complete: true, broken: null, last: { number: 2, hash } });
    await tenant.caller.patch(tenant.path, { displayName: 'later' });
    expect((await verify(`?after=2&hash=${hash}`)).body.verification).toMatchObject({ walked: 1, complete: true });
    expect((await verify(`?after=2`)).body.verification).toMatchObject({ walked: 1, complete: true });
    expect((await verify(`?after=2&hash=${'0'.repeat(64)}`)).body.verification).toMatchObject({
      complete: false,
      broken: { number: 2, reason: 'altered' },
    });
    expect((await verify(`?after=9`)).body.verification).toMatchObject({ broken: { number: 9, reason: 'missing' } });
    for (const bad of ['?after=x', '?after=-1', '?hash=12', '?after=1&after=2'])
      expect([bad, (await verify(bad)).status]).toEqual([bad, 400]);
  });

  it('outlives its app: the deletion is the last line', async () => {
    const tenant = await stage.tenant();
    const { app } = stage.started;
    await stage.account.delete(tenant.path);
    expect((await stage.account.get(`${tenant.path}/audit`)).status).toBe(404);
    const rows = await unbound(app.get(Db))
      .selectFrom('audit_entry')
      .select(['action', 'key_id'])
      .where('app_id', '=', tenant.id)
      .orderBy('number')
      .execute();
    expect(rows.at(-1)).toEqual({ action: 'app.delete', key_id: stage.started.accountKey.id });
    const walked = await inApps([tenant.id], () => app.get(AuditVerification).walk(tenant.id as AppId));
    expect(walked).toMatchObject({ complete: true, to: { number: rows.length } });
  });

  it('says when the house itself made a change', async () => {
    const { id } = await stage.started.app.get(AppsService).create({ displayName: 'planted' }, askedByHouse);
    const { entries } = (await stage.account.get(`/v2/apps/${id}/audit`)).body;
    expect(entries[0].by).toEqual({ type: 'system', keyId: null, agentId: null });
  });
});
