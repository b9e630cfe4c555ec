import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userToken } from '../../support/furnished.js';
import {
  made,
  openStage,
  refusal,
  type Caller,
  type Json,
  type KeyPair,
  type Stage,
  type Tenant,
} from '../tenancy/stage.js';

let stage: Stage;
let tenant: Tenant;
let visitor: Caller;
let client: string;
let sms: string;

beforeAll(async () => {
  stage = await openStage();
  tenant = await stage.tenant({ multiConvoEnabled: true });
  client = `/client/v1/apps/${tenant.id}`;
  visitor = stage.as(`Bearer ${await tokenOf(tenant.key, 'anna')}`);
  const body = { name: 'texts', kind: 'sms' };
  sms = made(await tenant.caller.post(`${tenant.path}/serviceChannels`, body)).serviceChannel.id;
});
afterAll(() => stage.close());

const tokenOf = (key: KeyPair, externalId: string): Promise<string> =>
  userToken(key, { scope: 'user', external_id: externalId });

const turn = async (endSessionEnabled: boolean): Promise<void> => {
  const settings = { endSessionEnabled, disableConversationReopen: endSessionEnabled };
  expect((await tenant.caller.patch(tenant.path, { settings })).status).toBe(200);
};
const config = async (): Promise<Json> => (await visitor.get(`${client}/config`)).body.config;
const talk = async (): Promise<string> => {
  const { conversation } = made(await visitor.post(`${client}/conversations`, {}));
  const path = `${client}/conversations/${conversation.id}`;
  made(await visitor.post(`${path}/messages`, { content: { type: 'text', text: 'hello' } }));
  return path;
};

describe('the web widget', () => {
  it('E-16 E-17 learns at its next call that ending was turned on, and off again', async () => {
    await turn(false);
    expect(await config()).toMatchObject({ endSession: null, continueIn: [{ channelId: sms, kind: 'sms' }] });
    await turn(true);
    expect(await config()).toMatchObject({ endSession: { placement: 'header' }, continueIn: [] });
    await turn(false);
    expect(await config()).toMatchObject({ endSession: null, continueIn: [{ kind: 'sms' }] });
  });

  it('E-6 goes on in no other channel while end users can end sessions', async () => {
    await turn(true);
    const refused = [409, 'not_while_end_user_can_end', expect.stringContaining('endSessionEnabled')];
    expect(refusal(await visitor.post(`${client}/linkRequests`, { channelId: sms }))).toEqual(refused);
    await turn(false);
    const { linkRequest } = made(await visitor.post(`${client}/linkRequests`, { channelId: sms }));
    expect(linkRequest).toMatchObject({ channelId: sms, kind: 'sms', code: expect.any(String) });
    await turn(true);
    const confirm = { channelId: sms, code: linkRequest.code };
    expect(refusal(await tenant.caller.post(`${tenant.path}/linkRequests/confirm`, confirm))).toEqual(refused);
  });

  it('a code tells once, and on its own channel only, who somebody is', async () => {
    await turn(false);
    const { linkRequest } = made(await visitor.post(`${client}/linkRequests`, { channelId: sms }));
    const path = `${tenant.path}/linkRequests/confirm`;
    const confirm = { channelId: sms, code: linkRequest.code };
    expect((await tenant.caller.post(path, { ...confirm, channelId: '0'.repeat(24) })).status).toBe(404);
    const { status, body } = await tenant.caller.post(path, confirm);
    expect([status, body.user.externalId]).toEqual([200, 'anna']);
    expect(refusal(await tenant.caller.post(path, confirm))[0]).toBe(404);
    expect((await visitor.post(`${client}/linkRequests`, { channelId: '0'.repeat(24) })).status).toBe(404);
  });

  it('E-18 shows the button while the session runs, and hides it when it is over', async () => {
    await turn(true);
    const path = await talk();
    const shown = async (): Promise<Json> => (await visitor.get(`${path}/actions`)).body.actions;
    expect(await shown()).toEqual([{ name: 'end', placement: 'header', confirmation: 'bottom' }]);
    expect((await visitor.post(`${path}/end`, { confirmed: true })).status).toBe(200);
    expect(await shown()).toEqual([]);
    const stranger = stage.as(`Bearer ${await tokenOf(tenant.key, 'somebody')}`);
    expect((await stranger.get(`${path}/actions`)).status).toBe(404);
  });

  it('E-19 asks for a confirmation at the bottom: without it nothing is sent, and nothing ends', async () => {
    await turn(true);
    const { confirmation } = (await config()).endSession;
    expect(confirmation).toEqual({ placement: 'bottom', required: true });
    const path = await talk();
    for (const body of [{}, { confirmed: false }]) {
      expect(refusal(await visitor.post(`${path}/end`, body)).slice(0, 2)).toEqual([422, 'confirmation_required']);
    }
    expect((await visitor.get(`${path}/actions`)).body.actions).toHaveLength(1);
    const { body } = await visitor.post(`${path}/end`, { confirmed: true });
    expect(body.session.status).toBe('ENDED');
  });
});
