import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, refusal, type Json, type Stage, type Tenant } from './stage.js';

let stage: Stage;
let tenant: Tenant;
beforeAll(async () => {
  stage = await openStage();
  tenant = await stage.tenant();
});
afterAll(() => stage?.close());

const save = (settings: object) => tenant.caller.patch(tenant.path, { settings });
const saved = async (settings: object): Promise<Json> => {
  const { status, body } = await save(settings);
  expect(status).toBe(200);
  return body.app.settings;
};

describe('settings of the life of sessions, over HTTP', () => {
  it('have defaults, merge, and are told as they were saved', async () => {
    const { settings } = (await tenant.caller.get(tenant.path)).body.app;
    expect(settings).toMatchObject({
      reopenWithinSeconds: null,
      chatEnabled: true,
      endNoteToEndUser: true,
      inactiveEndSeconds: 86_400,
      allowEndInactive: false,
      botIdleSeconds: 7_200,
      endUserTokenSeconds: null,
      idle: { customer: { warnSeconds: null, actSeconds: null, action: 'end' } },
      reminders: [],
      logoutEndsSessions: 'always',
    });
    const rules = { idle: { agent: { warnSeconds: 240, actSeconds: 300, action: 'reroute' } }, botIdleSeconds: null };
    expect(await saved(rules)).toEqual({ ...settings, ...rules, idle: { ...settings.idle, ...rules.idle } });
    const after = await saved({ idle: { agent: { actSeconds: 360 } } });
    expect(after.idle.agent).toEqual({ warnSeconds: 240, actSeconds: 360, action: 'reroute' });
    expect(refusal(await save({ conversationPolicy: 'session_based' }))[1]).toBe('requires_multi_conversations');
    await saved({ multiConvoEnabled: true });
    expect((await saved({ conversationPolicy: 'session_based' })).reopenWithinSeconds).toBe(0);
    expect(await saved({ reopenWithinSeconds: 259_200 })).not.toHaveProperty('conversationPolicy');
  });

  it.each([
    { reopenWithinSeconds: 259_201 },
    { idle: { customer: { warnSeconds: 119 } } },
    { idle: { agent: { actSeconds: 28_801 } } },
    { idle: { agent: { action: 'sing' } } },
    { idle: { agent: { action: 'bot:' } } },
    { reminders: Array.from({ length: 4 }, () => ({ afterSeconds: 60, text: 'hello?' })) },
    { reminders: [{ afterSeconds: 60, text: '' }] },
    { logoutEndsSessions: 'sometimes' },
    { conversationPolicy: 'for_ever' },
    { chatEnabled: 'yes' },
  ])('refuses %j', async (settings) => {
    expect(refusal(await save(settings))[0]).toBe(400);
  });

  it('refuses what contradicts itself, naming the field, and saves nothing of it', async () => {
    const before = (await tenant.caller.get(tenant.path)).body;
    const answer = await save({ chatEnabled: false, idle: { agent: { warnSeconds: 3_600 } } });
    expect(refusal(answer)).toEqual([400, 'bad_request', expect.stringContaining('idle.agent.warnSeconds')]);
    expect((await tenant.caller.get(tenant.path)).body).toEqual(before);
  });

  it('refuses times below their floors, naming the floor and the setting that lowers it', async () => {
    const title = (text: string) => [
      400,
      'bad_request',
      `${text} at least; SWITCHBOARD_TRIAL_TIMES=on of the server lowers that to 1 for a trial`,
    ];
    const idle = await save({ idle: { customer: { warnSeconds: 119 } } });
    expect(refusal(idle)).toEqual(title('settings.idle.customer.warnSeconds must be 120'));
    expect(refusal(await save({ botIdleSeconds: 59 }))).toEqual(title('settings.botIdleSeconds must be 60'));
    const channel = { name: 'web', kind: 'web_widget', customerInactivitySeconds: 299 };
    const made = await tenant.caller.post(`${tenant.path}/serviceChannels`, channel);
    expect(refusal(made)).toEqual(title('customerInactivitySeconds must be 300'));
  });

  it('tells what else they do', async () => {
    const { body } = await save({ agentLayout: { sessionPanel: false } });
    expect(body.app.settings.agentLayout).toEqual({ sessionPanel: false, hideCustomerInactive: false });
    expect(body.app.warnings).toEqual([expect.stringContaining('agentLayout.sessionPanel is off')]);
    await tenant.caller.post(`${tenant.path}/serviceChannels`, { name: 'text', kind: 'sms', tier: 'standard' });
    const parked = await save({
      agentLayout: { sessionPanel: true },
      idle: { agent: { actSeconds: 300, action: 'inactivate' } },
    });
    expect(parked.body.app.warnings).toEqual([expect.stringContaining('standard sms')]);
    const other = await tenant.caller.post(`${tenant.path}/serviceChannels`, {
      name: 'fb',
      kind: 'facebook',
      tier: 'standard',
    });
    expect(other.body.serviceChannel.warnings).toEqual([expect.stringContaining('standard facebook')]);
  });
});

describe('settings of a server for trials', () => {
  it('may be as short as a second', async () => {
    const trial = await openStage({ settings: { SWITCHBOARD_TRIAL_TIMES: 'on' } });
    const { caller, path } = await trial.tenant();
    const settings = { idle: { customer: { warnSeconds: 1, actSeconds: 2 } }, botIdleSeconds: 1 };
    expect((await caller.patch(path, { settings })).body.app.settings).toMatchObject(settings);
    const channel = { name: 'web', kind: 'web_widget', customerInactivitySeconds: 1 };
    expect((await caller.post(`${path}/serviceChannels`, channel)).status).toBe(201);
    await trial.close();
  });
});
