import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { EventConsumer, RecentIds, connectTo, type OwnConnection, type SwitchboardEvent } from '../../sdk/index.js';
import { startNats, type OwnServer } from '../support/servers.js';
import { until } from '../support/until.js';
import { businessText, startContract, userText, type Bot, type Contract } from './kit.js';

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const schemaOf = (name: string): object => JSON.parse(readFileSync(join('sdk', 'schemas', `${name}.json`), 'utf8'));

/** What the real server says on a real nats-server, held against the schemas that outsiders read. */
describe('announcements', () => {
  let nats: OwnServer;
  let contract: Contract;
  let connection: OwnConnection;
  let heard: SwitchboardEvent[];
  let consumer: EventConsumer<'*', undefined>;
  let [faq, desk]: Bot[] = [];
  let switchboardId: string;

  beforeAll(async () => {
    nats = await startNats();
    contract = await startContract({ settings: { NATS_URL: nats.url } });
    faq = await contract.bot('faq');
    desk = await contract.bot('desk');
    const board = await contract.switchboard([faq, desk], { desk: { kind: 'agent' }, faq: { next: 'desk' } });
    switchboardId = board.id;
    connection = connectTo(nats.url);
    heard = [];
    consumer = new EventConsumer({
      name: 'contract',
      events: '*',
      connection: connection.source,
      once: new RecentIds(),
      handle: async (event) => void heard.push(event),
    });
    consumer.start();
  });
  afterAll(async () => {
    await consumer.stop();
    await connection.close();
    await contract.close();
    await nats.stop();
  });

  const of = (conversationId: string): SwitchboardEvent[] => heard.filter(({ subject }) => subject === conversationId);
  const last = (conversationId: string, name: string): Promise<SwitchboardEvent> =>
    until(() => of(conversationId).find(({ type }) => type === `switchboard.v1.${name}`), {
      what: `${name} on NATS`,
    });
  const post = async (path: string, body: object): Promise<number> => (await contract.raw('POST', path, body)).status;

  /** A user's second conversation: the first one is the default and stays. */
  async function deletable(): Promise<{ id: string; userId: string }> {
    const { userId } = await contract.conversation();
    const made = await contract.raw('POST', '/conversations', { type: 'personal', participants: [{ userId }] });
    return { id: made.body.conversation.id, userId };
  }

  it('are valid, without gaps, and tell a whole life in order', async () => {
    const { id, userId } = await deletable();
    const path = `/conversations/${id}`;
    await post(`${path}/messages`, userText(userId, 'hello'));
    await post(`${path}/messages`, businessText('from an app key'));
    await post(`${path}/offerControl`, { switchboardIntegration: 'desk', expiresInSeconds: 1 });
    await last(id, 'control.expired');
    await post(`${path}/offerControl`, { switchboardIntegration: 'desk', metadata: { ticket: 7, vip: true } });
    await post(`${path}/declineControl`, {});
    await post(`${path}/offerControl`, { switchboardIntegration: 'desk' });
    await post(`${path}/acceptControl`, {});
    await post(`${path}/passControl`, { switchboardIntegration: 'nowhere' });
    await post(`${path}/passControl`, { switchboardIntegration: 'faq', reason: 'ticketClosed' });
    await post(`${path}/releaseControl`, {});
    await post(`${path}/messages`, userText(userId, 'again'));
    const { sessions } = (await contract.raw('GET', '/sessions')).body;
    await post(`/sessions/${sessions[0].id}/end`, {});
    await last(id, 'session.ended');
    expect(await contract.raw('DELETE', path)).toMatchObject({ status: 200, text: '{}' });
    await last(id, 'conversation.removed');

    const events = of(id);
    const wrong = events.flatMap((event) => {
      const name = event.type.replace('switchboard.v1.', '');
      return ajv.validate(schemaOf(name), event)
        ? []
        : (ajv.errors ?? []).map((error) => `${name}${error.instancePath} ${error.message}`);
    });
    expect(wrong).toEqual([]);
    expect(events.map(({ data }) => 'seq' in data && data.seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.map(({ type }) => type.replace('switchboard.v1.', ''))).toEqual([
      'conversation.created',
      'control.assigned',
      'session.started',
      'message.received',
      'message.sent',
      'control.offered',
      'control.expired',
      'control.offered',
      'control.declined',
      'control.offered',
      'control.accepted',
      'control.failed',
      'control.passed',
      'message.noted',
      'control.released',
      'control.assigned',
      'message.received',
      'session.end_requested',
      'control.released',
      'message.noted',
      'session.ended',
      'conversation.removed',
    ]);
    expect((await last(id, 'session.ended')).data).toMatchObject({
      endedBy: { type: 'system', id: contract.appKey.id, via: 'api' },
      endReason: 'automation',
      handlerType: 'bot_to_agent',
      endUserId: userId,
      // The end of an app key is the system's, after which nobody is asked by default.
      csat: { eligible: false, suppressedBecause: 'not_in_send_on' },
      metrics: { messages: { endUser: 2, other: 1 } },
    });
  });

  it('carry no message body', async () => {
    expect(heard.length).toBeGreaterThan(20);
    expect(JSON.stringify(heard)).not.toContain('from an app key');
  });

  it('reach CSAT and routing', async () => {
    const surveys = () => contract.raw('GET', '/surveys').then(({ body }) => body.surveys);
    await until(async () => (await surveys()).length === 1, { what: 'the survey' });
    expect(await surveys()).toMatchObject([{ status: 'suppressed', suppressedBecause: 'not_in_send_on' }]);

    const { id, userId } = await deletable();
    await post(`/conversations/${id}/messages`, userText(userId, 'hello'));
    const loads = () => contract.raw('GET', '/routing/loads').then(({ body }) => body);
    await until(async () => (await loads()).loads[0]?.openConversations === 1, { what: 'the load' });
    await contract.raw('DELETE', `/conversations/${id}`);
    await until(async () => (await loads()).loads.length === 0, { what: 'the load to be freed' });
  });

  it('tell that a deleted integration lost control', async () => {
    const { id, userId } = await contract.conversation();
    await post(`/conversations/${id}/passControl`, { switchboardIntegration: 'desk' });
    await contract.raw('PATCH', `/switchboards/${switchboardId}/switchboardIntegrations/${(await siOf('faq')).id}`, {
      nextSwitchboardIntegrationId: null,
    });
    const gone = await contract.raw(
      'DELETE',
      `/switchboards/${switchboardId}/switchboardIntegrations/${(await siOf('desk')).id}`,
    );
    expect(gone.status).toBe(200);
    await post(`/conversations/${id}/messages`, userText(userId, 'anybody?'));
    expect(ajv.validate(schemaOf('control.removed'), await last(id, 'control.removed'))).toBe(true);
  });

  it('are printed by `npm run events`', async () => {
    const child = spawn(process.execPath, ['scripts/events.mjs', 'conversation.created', '--count=1'], {
      env: { ...process.env, NATS_URL: nats.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [printed, said] = ['', ''];
    child.stdout.on('data', (chunk) => (printed += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    const code = new Promise((resolve) => child.once('exit', resolve));
    await until(() => said.includes('listening on'), { what: 'it to listen' });
    const { id } = await contract.conversation();
    expect(await code).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ type: 'switchboard.v1.conversation.created', subject: id });
  });

  async function siOf(name: string): Promise<{ id: string }> {
    const { body } = await contract.raw('GET', `/switchboards/${switchboardId}/switchboardIntegrations`);
    return body.switchboardIntegrations.find((one: { name: string }) => one.name === name);
  }
});
