import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS_PAGE } from '../../../src/wire/index.js';
import { missingRoutes, pathOf, type ServedRoute } from '../../support/routes.js';
import { basic, openStage, type Stage, type Tenant } from '../tenancy/stage.js';

/** Who is told, `test/integration/tenancy/authorization.spec.ts` asks of everybody. */
let stage: Stage;
let tenant: Tenant;
let missing: readonly ServedRoute[] = [];

beforeAll(async () => {
  stage = await openStage({
    prepare: (app) => {
      missing = missingRoutes(app);
    },
  });
  tenant = await stage.tenant();
});
afterAll(() => stage?.close());

const NOBODY = '0'.repeat(24);

const send = (method: string, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(stage.started.url + path, {
    ...init,
    method,
    headers: { authorization: basic(tenant.key), ...(init.headers as Record<string, string> | undefined) },
  });

function upload(bytes: number): FormData {
  const form = new FormData();
  form.append('source', new Blob([new Uint8Array(bytes)]), 'photo.png');
  return form;
}

describe('an operation of the wire that is not there', () => {
  it('is named, with a link to the page that says what is, and the link leads there', async () => {
    const { status, body } = await tenant.caller.post(`${tenant.path}/conversations/${NOBODY}/conversionEvents`, {});
    expect(status).toBe(501);
    const [{ code, title, operation }] = body.errors;
    expect([code, operation]).toEqual(['not_implemented', 'PostConversionEvents']);
    const [link = ''] = /http:\S+$/.exec(title) ?? [];
    expect(title).toBe(`PostConversionEvents is not there in this version. What is: ${link}`);
    expect(link).toBe(`${stage.started.url}/${OPERATIONS_PAGE}`);
    const page = await fetch(link);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(await page.text()).toContain('| `PostConversionEvents` | ');
  });

  it('is told apart from a typo, and from a method that the wire does not know', async () => {
    const asked = async (method: string, path: string): Promise<number> => (await send(method, path)).status;
    expect(await asked('POST', `${tenant.path}/attachments`)).toBe(501);
    expect(await asked('POST', `${tenant.path}/attachment`)).toBe(404);
    expect(await asked('GET', `${tenant.path}/attachments`)).toBe(404);
    expect(await asked('PATCH', `${tenant.path}/users`)).toBe(404);
  });

  it.each([
    ['an upload', upload(64)],
    ['an upload beyond the limit of JSON', upload(2_000_000)],
    ['JSON that is none', '{'],
    ['text', 'words'],
    ['nothing', undefined],
  ])('is told whatever is sent: %s', async (_what, body) => {
    const type = body === '{' ? { 'content-type': 'application/json' } : {};
    const answers = await Promise.all(
      missing
        .filter(({ method }) => method === 'POST')
        .map((route) => send('POST', pathOf(route, ids()), { headers: type, ...(body !== undefined && { body }) })),
    );
    expect(answers.length).toBeGreaterThan(5);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([501]));
  });

  const ids = (): Record<string, string> => ({
    appId: tenant.id,
    conversationId: NOBODY,
    userIdOrExternalId: NOBODY,
    zendeskId: NOBODY,
  });

  it('is told under /sc too, as every other one', async () => {
    expect((await send('GET', '/sc/v2/tokenInfo')).status).toBe(501);
    expect((await send('POST', '/sc/oauth/token')).status).toBe(501);
    expect((await send('POST', '/sc/oauth/tokens')).status).toBe(404);
  });

  it('is no fault of ours: it has no id of an error', async () => {
    const answer = await send('GET', '/v2/tokenInfo');
    expect([answer.status, answer.headers.get('switchboard-error-id')]).toEqual([501, null]);
  });
});
