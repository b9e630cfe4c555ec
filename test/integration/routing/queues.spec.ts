import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { made, openStage, refusal, type Json, type Stage, type Tenant } from '../tenancy/stage.js';

let stage: Stage;
let tenant: Tenant;
let queues: string;
let channels: string;

beforeAll(async () => {
  stage = await openStage();
  tenant = await stage.tenant();
  queues = `${tenant.path}/queues`;
  channels = `${tenant.path}/serviceChannels`;
});
afterAll(() => stage.close());

const queue = async (body: object): Promise<Json> => made(await tenant.caller.post(queues, body)).queue;
const channel = async (body: object): Promise<Json> => made(await tenant.caller.post(channels, body)).serviceChannel;

describe('queues', () => {
  it('are made with defaults, changed, listed and read', async () => {
    const one = await queue({ name: 'first' });
    expect(one).toEqual({
      id: one.id,
      name: 'first',
      teams: [],
      skills: [],
      order: ['mostAvailable'],
      weight: null,
      pushTimeoutSeconds: null,
      autoAccept: false,
      waitSeconds: null,
      mostWaiting: null,
      hours: null,
      overflow: { to: 'none' },
      checkOnReturn: false,
      takesTransfers: true,
    });
    const hours = { timeZone: 'Europe/Berlin', open: [{ day: 1, from: '09:00', to: '24:00' }] };
    const patch = { teams: ['night'], order: ['skills', 'lastAgent'], weight: 0.5, waitSeconds: 60, hours };
    const changed = await tenant.caller.patch(`${queues}/${one.id}`, patch);
    expect(changed).toEqual({ status: 200, body: { queue: { ...one, ...patch } } });
    expect((await tenant.caller.get(`${queues}/${one.id}`)).body).toEqual(changed.body);
    const listed = await tenant.caller.get(`${queues}?page[size]=100`);
    expect(listed.body.queues).toContainEqual(changed.body.queue);
  });

  it('are refused what cannot work, naming the field', async () => {
    const of = async (body: object) => refusal(await tenant.caller.post(queues, { name: 'refused', ...body }));
    const closed = { timeZone: 'Nowhere/At_All', open: [] };
    expect(await of({ hours: closed })).toEqual([422, 'unprocessable', expect.stringMatching(/^hours\.timeZone/)]);
    const backwards = { timeZone: 'UTC', open: [{ day: 1, from: '18:00', to: '09:00' }] };
    expect(await of({ hours: backwards })).toEqual([422, 'unprocessable', expect.stringMatching(/^hours\.open/)]);
    for (const overflow of [{ to: 'queue' }, { to: 'queue', queueId: '0'.repeat(24) }, { to: 'end', queueId: 'x' }]) {
      expect(await of({ overflow })).toEqual([422, 'unprocessable', expect.stringMatching(/^overflow\.queueId/)]);
    }
    for (const overflow of [{ to: 'bot' }, { to: 'bot', name: 'nobody' }]) {
      expect(await of({ overflow })).toEqual([422, 'unprocessable', expect.stringMatching(/^overflow\.name/)]);
    }
    expect((await of({ order: ['byName'] }))[0]).toBe(400);
    await queue({ name: 'taken' });
    expect(await of({ name: 'taken' })).toEqual([409, 'conflict', expect.stringContaining('taken')]);
  });

  it('T13 overflow leads nowhere in a circle, and where it leads cannot vanish', async () => {
    const last = await queue({ name: 'last' });
    const middle = await queue({ name: 'middle', overflow: { to: 'queue', queueId: last.id } });
    const first = await queue({ name: 'before', overflow: { to: 'queue', queueId: middle.id } });
    const circle = { overflow: { to: 'queue', queueId: first.id } };
    expect(refusal(await tenant.caller.patch(`${queues}/${last.id}`, circle))[0]).toBe(422);
    expect(refusal(await tenant.caller.delete(`${queues}/${last.id}`))).toEqual([
      409,
      'conflict',
      expect.stringContaining('middle'),
    ]);
    expect((await tenant.caller.patch(`${queues}/${middle.id}`, { overflow: { to: 'end' } })).status).toBe(200);
    expect((await tenant.caller.delete(`${queues}/${last.id}`)).status).toBe(200);
    expect((await tenant.caller.get(`${queues}/${last.id}`)).status).toBe(404);
  });

  it('T13 a bot that a queue overflows to keeps its name and its place', async () => {
    const other = await stage.tenant();
    const bot = await other.bot('helper');
    const { switchboard } = made(await other.caller.post(`${other.path}/switchboards`));
    const links = `${other.path}/switchboards/${switchboard.id}/switchboardIntegrations`;
    const { switchboardIntegration: link } = made(
      await other.caller.post(links, { name: 'helper', integrationId: bot.id }),
    );
    const body = { name: 'q', overflow: { to: 'bot', name: 'helper' } };
    const { queue: made_ } = made(await other.caller.post(`${other.path}/queues`, body));
    const kept = [409, 'conflict', expect.stringContaining("'q'")];
    expect(refusal(await other.caller.delete(`${links}/${link.id}`))).toEqual(kept);
    expect(refusal(await other.caller.patch(`${links}/${link.id}`, { name: 'other' }))).toEqual(kept);
    expect(refusal(await other.caller.patch(`${links}/${link.id}`, { kind: 'agent' }))).toEqual(kept);
    expect(refusal(await other.caller.delete(`${other.path}/integrations/${bot.id}`))).toEqual(kept);
    expect(refusal(await other.caller.delete(`${other.path}/switchboards/${switchboard.id}`))).toEqual(kept);
    await other.caller.patch(`${other.path}/queues/${made_.id}`, { overflow: { to: 'none' } });
    expect((await other.caller.delete(`${links}/${link.id}`)).status).toBe(200);
  });
});

describe('service channels', () => {
  it('tell what their kind and tier can do', async () => {
    const sms = await channel({ name: 'sms', kind: 'sms', tier: 'standard' });
    expect(sms).toMatchObject({
      capacityModel: 'tab_based',
      weight: 1,
      noResponseSeconds: 86_400,
      endUserEnd: false,
      capabilities: { rowEnd: true, inactivate: false, businessStart: true, endUserEnd: false },
      warnings: [],
    });
    const path = `${channels}/${sms.id}`;
    const changed = await tenant.caller.patch(path, { endUserEnd: true, noResponseSeconds: 3600 });
    expect(changed.body.serviceChannel).toMatchObject({ noResponseSeconds: 3600, capabilities: { endUserEnd: true } });
    expect((await tenant.caller.patch(path, { endUserEnd: null })).body.serviceChannel.endUserEnd).toBe(false);
    expect(refusal(await tenant.caller.patch(path, { kind: 'line' }))[0]).toBe(400);
    expect((await tenant.caller.get(path)).body.serviceChannel.kind).toBe('sms');
  });

  it('I-11 a time-out of customers is refused where the kind has none', async () => {
    const of = async (body: object) => refusal(await tenant.caller.post(channels, { name: 'quiet', ...body }));
    const limit = { customerInactivitySeconds: 300 };
    for (const kind of ['whatsapp', 'apple', 'line', 'facebook', 'sms']) {
      expect(await of({ kind, ...limit })).toEqual([422, 'unprocessable', expect.stringMatching(/^customerInact/)]);
    }
    expect((await of({ kind: 'web_widget', customerInactivitySeconds: 299 }))[0]).toBe(400);
    expect((await of({ kind: 'web_widget', customerInactivitySeconds: 1801 }))[0]).toBe(400);
    for (const kind of ['web_widget', 'in_app', 'byoc']) {
      const { customerInactivitySeconds: kept } = await channel({ name: kind, kind, ...limit });
      expect(kept).toBe(300);
    }
    const later = await channel({ name: 'later', kind: 'line' });
    expect((await tenant.caller.patch(`${channels}/${later.id}`, limit)).status).toBe(422);
  });

  it('D3 the time-out works under status-based capacity and says what it means', async () => {
    const body = { name: 'status', kind: 'byoc', capacityModel: 'status_based', customerInactivitySeconds: 600 };
    expect((await channel(body)).warnings).toEqual([expect.stringMatching(/^customerInactivitySeconds/)]);
  });

  it('are refused what contradicts itself', async () => {
    const of = async (body: object) =>
      refusal(await tenant.caller.post(channels, { name: 'no', kind: 'sms', ...body }));
    expect(await of({ pausedWeight: 1 })).toEqual([422, 'unprocessable', expect.stringMatching(/^pausedWeight/)]);
    expect(await of({ queueId: '0'.repeat(24) })).toEqual([422, 'unprocessable', expect.stringMatching(/^queueId/)]);
    expect(await of({ kind: 'apple', tier: 'standard' })).toEqual([
      422,
      'unprocessable',
      expect.stringMatching(/^tier/),
    ]);
  });

  it('one is the default, and the queue it fills stays', async () => {
    const { id: queueId } = await queue({ name: 'of a channel' });
    const one = await channel({ name: 'one', kind: 'byoc', default: true, queueId });
    const two = await channel({ name: 'two', kind: 'byoc', default: true });
    const read = async (id: string) => (await tenant.caller.get(`${channels}/${id}`)).body.serviceChannel.default;
    expect([await read(one.id), await read(two.id)]).toEqual([false, true]);
    expect(refusal(await tenant.caller.delete(`${queues}/${queueId}`))[0]).toBe(409);
    expect((await tenant.caller.delete(`${channels}/${one.id}`)).status).toBe(200);
    expect((await tenant.caller.delete(`${queues}/${queueId}`)).status).toBe(200);
  });

  it('every change is in the audit log', async () => {
    const other = await stage.tenant();
    const { queue: made_ } = made(await other.caller.post(`${other.path}/queues`, { name: 'seen' }));
    await other.caller.patch(`${other.path}/queues/${made_.id}`, { waitSeconds: 30 });
    await other.caller.delete(`${other.path}/queues/${made_.id}`);
    const { body } = await other.caller.get(`${other.path}/audit`);
    const actions = body.entries
      .map(({ action }: Json) => action)
      .filter((action: string) => action.startsWith('queue'));
    expect(actions.toSorted()).toEqual(['queue.create', 'queue.delete', 'queue.update']);
  });
});
