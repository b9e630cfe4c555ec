import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../../src/platform/postgres/index.js';
import { made, openStage, refusal, type Answer, type Stage, type Tenant } from './stage.js';
import { unbound } from '../../support/unbound.js';

/** Places that name a switchboard integration, and what it must be there. */
const PLACES: readonly (readonly [string, object, object])[] = [
  ['onEnd.endUser', { onEnd: { endUser: 'pass:NAME' } }, { onEnd: { endUser: 'release' } }],
  ['onEnd.agent', { onEnd: { agent: 'pass:NAME' } }, { onEnd: { agent: 'release' } }],
  ['onEnd.bot', { onEnd: { bot: 'pass:NAME' } }, { onEnd: { bot: 'release' } }],
  ['onEnd.system', { onEnd: { system: 'pass:NAME' } }, { onEnd: { system: 'release' } }],
  ['idle.customer.action', { idle: { customer: { action: 'bot:NAME' } } }, { idle: { customer: { action: 'end' } } }],
  ['idle.agent.action', { idle: { agent: { action: 'bot:NAME' } } }, { idle: { agent: { action: 'end' } } }],
];

const naming = (settings: object, name: string): object =>
  JSON.parse(JSON.stringify(settings).replace('NAME', name)) as object;

describe('settings that name a switchboard integration', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  interface Board {
    readonly tenant: Tenant;
    readonly path: string;
    readonly links: string;
    /** Of the bot that is named, and which integration it links. */
    readonly link: string;
    readonly integrationId: string;
    save(settings: object): Promise<Answer>;
  }

  async function board(settings: object = {}): Promise<Board> {
    const tenant = await stage.tenant(settings);
    const bot = await tenant.bot();
    const { switchboard } = made(await tenant.caller.post(`${tenant.path}/switchboards`));
    const path = `${tenant.path}/switchboards/${switchboard.id}`;
    const links = `${path}/switchboardIntegrations`;
    const made_ = made(await tenant.caller.post(links, { name: 'survey', integrationId: bot.id }));
    return {
      tenant,
      path,
      links,
      link: `${links}/${made_.switchboardIntegration.id}`,
      integrationId: bot.id,
      save: (patch) => tenant.caller.patch(tenant.path, { settings: patch }),
    };
  }

  it.each(PLACES)('%s is refused when it names nobody, and saves nothing', async (place, settings) => {
    const { tenant, save } = await board();
    const before = (await tenant.caller.get(tenant.path)).body;
    const [status, code, title] = refusal(await save(naming(settings, 'nobody')));
    expect([status, code]).toEqual([400, 'bad_request']);
    expect(title).toContain(`settings.${place}`);
    expect(title).toContain("'nobody'");
    expect((await tenant.caller.get(tenant.path)).body).toEqual(before);
    const alone = await stage.tenant();
    const without = await alone.caller.patch(alone.path, { settings: naming(settings, 'nobody') });
    expect(refusal(without)[0]).toBe(400);
  });

  it.each(PLACES)(
    '%s keeps what it names: it is not deleted, not renamed, until the setting lets go',
    async (place, settings, release) => {
      const { tenant, path, links, link, integrationId, save } = await board();
      expect((await save(naming(settings, 'survey'))).status).toBe(200);
      const kept = [409, 'conflict', expect.stringContaining(`settings.${place}`)];
      expect(refusal(await tenant.caller.delete(link))).toEqual(kept);
      expect(refusal(await tenant.caller.delete(`${tenant.path}/integrations/${integrationId}`))).toEqual(kept);
      expect(refusal(await tenant.caller.delete(path))).toEqual(kept);
      expect(refusal(await tenant.caller.patch(link, { name: 'other' }))).toEqual(kept);
      const asAgent = await tenant.caller.patch(link, { kind: 'agent' });
      expect(asAgent.status).toBe(place.startsWith('idle') ? 409 : 200);
      expect((await tenant.caller.get(links)).body.switchboardIntegrations).toHaveLength(1);
      expect((await save(release)).status).toBe(200);
      expect((await tenant.caller.delete(link)).status).toBe(200);
    },
  );

  it('are refused where they name who could do nothing there: people', async () => {
    const { tenant, links, save } = await board();
    made(await tenant.caller.post(links, { name: 'floor', integrationType: 'zd:agentWorkspace' }));
    for (const [, settings] of PLACES) expect(refusal(await save(naming(settings, 'floor')))[0]).toBe(400);
  });

  it('are taken ahead of the switchboard when the app is made, and protect nothing until they are said again', async () => {
    const { tenant, link, save } = await board({ onEnd: { endUser: 'pass:survey', bot: 'pass:later' } });
    expect((await tenant.caller.patch(link, { name: 'renamed' })).status).toBe(200);
    expect((await tenant.caller.patch(link, { name: 'survey' })).status).toBe(200);
    // What an app was told and tells back is no news.
    const { settings } = (await tenant.caller.get(tenant.path)).body.app;
    expect((await save({ onEnd: settings.onEnd })).status).toBe(200);
    expect(refusal(await tenant.caller.delete(link))[0]).toBe(409);
    expect(refusal(await save({ onEnd: { agent: 'pass:later' } }))[0]).toBe(400);
    const kysely = unbound(stage.started.app.get(Db));
    const row = kysely.selectFrom('app').select('names_ahead').where('id', '=', tenant.id);
    expect((await row.executeTakeFirstOrThrow()).names_ahead).toEqual(['later']);
  });
});
