import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../../src/platform/postgres/index.js';
import { made, openStage, refusal, type Stage } from './stage.js';
import { unbound } from '../../support/unbound.js';

describe('apps and their keys', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it('are made, read, listed by page and deleted', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++)
      ids.push(made(await stage.account.post('/v2/apps', { displayName: `app ${i}` })).app.id);
    const first = await stage.account.get(`/v2/apps?page[size]=2`);
    expect(first.body.apps).toHaveLength(2);
    expect(first.body.meta.hasMore).toBe(true);
    const next = await stage.account.get(`/v2/apps?page[after]=${first.body.meta.afterCursor}`);
    expect([...first.body.apps, ...next.body.apps].map((app: { id: string }) => app.id)).toEqual(
      expect.arrayContaining(ids),
    );
    expect(await stage.account.delete(`/v2/apps/${ids[0]}`)).toEqual({ status: 200, body: {} });
    expect(refusal(await stage.account.get(`/v2/apps/${ids[0]}`))).toEqual([404, 'app_not_found', 'App not found']);
  });

  it('tell effective settings and keep everything that is stored', async () => {
    const tenant = await stage.tenant({ maskCreditCardNumbers: true, useAnimalNames: true });
    const { app } = (await tenant.caller.get(tenant.path)).body;
    expect(app.settings).toMatchObject({
      maskCreditCardNumbers: true,
      useAnimalNames: true,
      conversationRetentionSeconds: 0,
      echoPostback: false,
      multiConvoEnabled: false,
      endSessionEnabled: false,
      agentsCanEnd: true,
      controlErrors: 'lenient',
      endingMaxSeconds: 900,
      onEnd: { endUser: 'release', agent: 'release', bot: 'release', system: 'release' },
    });
    const patched = await tenant.caller.patch(tenant.path, { settings: { idle: { agent: { action: 'reroute' } } } });
    expect(patched.body.app.settings).toEqual({
      ...app.settings,
      idle: { ...app.settings.idle, agent: { ...app.settings.idle.agent, action: 'reroute' } },
    });
  });

  it('A-3 that come from another system let agents end nothing until somebody says so', async () => {
    const lets = async (body: object): Promise<unknown> =>
      (await stage.account.post('/v2/apps', { displayName: 'from elsewhere', ...body })).body.app.settings.agentsCanEnd;
    expect(await lets({ migrated: true })).toBe(false);
    expect(await lets({ migrated: true, settings: { agentsCanEnd: true } })).toBe(true);
    expect(await lets({ migrated: false })).toBe(true);
    const tenant = await stage.tenant();
    expect((await tenant.caller.post('/v2/apps', { displayName: 'by an app', migrated: true })).status).toBe(403);
  });

  it('refuse settings that miss what they depend on, and save nothing of the body', async () => {
    const tenant = await stage.tenant();
    const patch = (settings: object) => tenant.caller.patch(tenant.path, { displayName: 'changed', settings });
    expect(refusal(await patch({ endSessionEnabled: true }))[1]).toBe('requires_multi_conversations');
    expect(refusal(await patch({ multiConvoEnabled: true, endSessionEnabled: true })).slice(0, 2)).toEqual([
      422,
      'requires_reopen_disabled',
    ]);
    expect((await tenant.caller.get(tenant.path)).body.app).toMatchObject({
      displayName: 'tenant',
      settings: { multiConvoEnabled: false },
    });
    expect(refusal(await patch({ onEnd: { agent: 'pass:' } }))[0]).toBe(400);
    expect(refusal(await patch({ controlErrors: 'loud' }))[0]).toBe(400);
    expect((await patch({ multiConvoEnabled: null, onEnd: { bot: null } })).status).toBe(200);
  });

  it.each([
    ['conversationRetentionSeconds', 60, 0],
    ['echoPostback', true, false],
  ])('refuse what would have no effect, with the reason: %s', async (name, asked, only) => {
    const tenant = await stage.tenant();
    const patch = (value: unknown) => tenant.caller.patch(tenant.path, { settings: { [name]: value } });
    const title = expect.stringMatching(new RegExp(`^settings\\.${name} should be ${only}: .{20}`));
    expect(refusal(await patch(asked))).toEqual([400, 'bad_request', title]);
    const refused = await stage.account.post('/v2/apps', { displayName: 'x', settings: { [name]: asked } });
    expect(refusal(refused)).toEqual([400, 'bad_request', title]);
    expect((await patch(only)).body.app.settings).toMatchObject({ [name]: only });
  });

  it('merge metadata and limit the whole of it', async () => {
    const tenant = await stage.tenant();
    const patch = async (metadata: unknown) => {
      const answer = await tenant.caller.patch(tenant.path, { metadata });
      return answer.status === 200 ? answer.body.app.metadata : refusal(answer);
    };
    expect(await patch({ a: 1, b: 'x', c: true })).toEqual({ a: 1, b: 'x', c: true });
    expect(await patch({ a: null, b: 'y' })).toEqual({ b: 'y', c: true });
    const limit = [400, 'bad_request', 'App metadata is limited to 4096 bytes in size.'];
    expect(await patch({ big: 'x'.repeat(4096) })).toEqual(limit);
    expect(await patch({ half: 'é'.repeat(1500) })).toMatchObject({ b: 'y' });
    expect(await patch({ other: 'x'.repeat(1200) })).toEqual(limit);
    expect((await patch({ deep: { a: 1 } }))[0]).toBe(400);
    expect((await patch([1]))[0]).toBe(400);
    expect(await patch({ toString: 't', valueOf: 1 })).toMatchObject({ toString: 't', valueOf: 1 });
    expect(await patch(null)).toEqual({});
  });

  it.each([
    [{}, "should have required property 'displayName'"],
    [{ displayName: '' }, null],
    [{ displayName: 'x'.repeat(101) }, null],
    [{ displayName: 7 }, null],
    [{ displayName: 'a\0b' }, null],
    [{ displayName: 'x', settings: [] }, null],
    [{ displayName: 'x', settings: { endingMaxSeconds: -1 } }, null],
    [{ displayName: null }, null],
    [{ displayName: 'x', metadata: 7 }, null],
  ])('refuse %j', async (body, title) => {
    const [status, code, told] = refusal(await stage.account.post('/v2/apps', body));
    expect([status, code]).toEqual([400, 'bad_request']);
    if (title !== null) expect(told).toBe(title);
  });

  it('tell a key its secret once, seal it, and let no more than ten be', async () => {
    const tenant = await stage.tenant();
    expect(tenant.key.id).toMatch(/^app_[0-9a-f]{24}$/);
    expect(tenant.key.secret).toMatch(/^[A-Za-z0-9_-]{86}$/);
    const keys = `${tenant.path}/keys`;
    const listed = await stage.account.get(keys);
    expect(listed.body).toEqual({ keys: [{ id: tenant.key.id, displayName: 'key' }] });
    expect((await stage.account.get(`${keys}/${tenant.key.id}`)).body).toEqual({ key: listed.body.keys[0] });
    const rows = await unbound(stage.started.app.get(Db)).selectFrom('api_key').selectAll().execute();
    for (const row of rows) expect(row.secret.includes(tenant.key.secret)).toBe(false);

    const answers = await Promise.all(
      Array.from({ length: 14 }, (_, i) => stage.account.post(keys, { displayName: `key ${i}` })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(9);
    expect((await stage.account.get(keys)).body.keys).toHaveLength(10);
    for (const id of ['app_000000000000000000000000', "x'", '%00', 'int_']) {
      const { status } = await stage.account.get(`${keys}/${id}`);
      expect([id, status]).toEqual([id, id === '%00' ? 400 : 404]);
    }
  });

  it('answer a repeated POST with the first answer, secret and all, sealed at rest', async () => {
    const tenant = await stage.tenant();
    const post = (body: object, key = 'one') =>
      stage.account.post(`${tenant.path}/keys`, body, { 'idempotency-key': key });
    const [first, again] = [await post({ displayName: 'k' }), await post({ displayName: 'k' })];
    expect(again).toEqual(first);
    expect(refusal(await post({ displayName: 'other' })).slice(0, 2)).toEqual([422, 'idempotency_key_reused']);
    expect((await post({ displayName: 'k' }, 'two')).body.key.id).not.toBe(first.body.key.id);
    expect((await stage.account.get(`${tenant.path}/keys`)).body.keys).toHaveLength(3);
    const stored = await unbound(stage.started.app.get(Db)).selectFrom('idempotency').selectAll().execute();
    for (const { answer } of stored) expect(answer.includes(first.body.key.secret)).toBe(false);
    for (const bad of ['', ' ', 'x'.repeat(256)]) {
      const answer = await post({ displayName: 'k' }, bad);
      expect([bad.length, answer.status]).toEqual([bad.length, 400]);
    }
  });
});
