import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { EventConsumer, RecentIds, connectTo } from '../../../sdk/index.js';
import { example } from '../../../sdk/event-examples.spec-kit.js';
import { root } from '../../../src/platform/root.js';
import { ConfiguredNats } from '../../support/configured-nats.js';
import { House } from '../../support/house.js';
import { writeOutbox } from '../../support/outbox-load.js';
import { until } from '../../support/until.js';

const DURABLES = ['csat', 'csat-tickets', 'routing-control', 'routing-session', 'routing-removed'];
const PASSWORDS = { PASSWORD_OF_SWITCHBOARD: 'one', CONSUMERS_PASSWORD: 'two', MY_CSAT_PASSWORD: 'three' };
const MASTER_KEY = '07'.repeat(32);

const started: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of started.splice(0).toReversed()) await stop();
});

/** As it stands in the document, with passwords for its variables. */
function documented(): string {
  const text = readFileSync(join(root, 'docs', 'operations.md'), 'utf8');
  const [, block] = /```\n(authorization \{[^]*?)```/.exec(text) ?? [];
  if (block === undefined) throw new Error('docs/operations.md shows no authorization { }');
  const variables = Object.entries(PASSWORDS).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return [...variables, block].join('\n');
}

async function guarded(): Promise<ConfiguredNats> {
  const nats = await ConfiguredNats.start({ more: documented() });
  started.push(() => nats.stop());
  return nats;
}

async function houseAs(nats: ConfiguredNats, user: string, password: string, roles: object = {}): Promise<House> {
  const house = await House.start({
    NATS_URL: nats.url,
    NATS_USER: user,
    NATS_PASSWORD: password,
    NATS_INBOX_PREFIX: `_INBOX.${user}`,
    SWITCHBOARD_MASTER_KEY: MASTER_KEY,
    ...roles,
  });
  started.push(() => house.stop());
  return house;
}

async function connected(nats: ConfiguredNats, user: string, password: string): Promise<NatsConnection> {
  const connection = await connect({ servers: nats.url, user, pass: password, inboxPrefix: `_INBOX.${user}` });
  started.push(() => connection.close());
  return connection;
}

/** What no consumer takes for an event is pulled, given up and acknowledged by the one of the house. */
async function consumersWork(house: House, publisher: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(publisher, { checkAPI: false });
  for (const name of DURABLES) await until(() => manager.consumers.info('SWITCHBOARD', name), { what: name });
  const figure = () => house.figure('switchboard_consumer_csat_poisoned');
  const before = await figure();
  await jetstream(publisher).publish('switchboard.v1.session.ended.an-app.a-conversation', 'no event');
  await until(async () => (await figure()) > before, { what: 'the consumer of the house to work' });
  await until(async () => (await manager.consumers.info('SWITCHBOARD', 'csat')).num_ack_pending === 0, {
    what: 'the acknowledgement',
  });
}

describe('the permissions in docs/operations.md', () => {
  it('are enough for a whole house', async () => {
    const nats = await guarded();
    const house = await houseAs(nats, 'switchboard', PASSWORDS.PASSWORD_OF_SWITCHBOARD);
    await writeOutbox(
      house.database.url,
      { writers: 1, conversations: 2, rows: 20, heldMs: 1, rollbacks: 0 },
      () => undefined,
    );
    await until(async () => (await house.figure('switchboard_outbox_unpublished')) === 0, { what: 'all published' });
    await consumersWork(house, await connected(nats, 'switchboard', PASSWORDS.PASSWORD_OF_SWITCHBOARD));
    expect(await house.health()).toMatchObject({ nats: 'connected', natsDetail: null });
    expect(house.told.filter((line) => /violation/i.test(JSON.stringify(line)))).toEqual([]);
  }, 60_000);

  it('are enough for consumers of the house alone and for one of somebody else, which may do no more', async () => {
    const nats = await guarded();
    await houseAs(nats, 'switchboard', PASSWORDS.PASSWORD_OF_SWITCHBOARD, {
      SWITCHBOARD_ROLES: 'api,relay,lanes,timers',
    });
    const publisher = await connected(nats, 'switchboard', PASSWORDS.PASSWORD_OF_SWITCHBOARD);
    const manager = await jetstreamManager(publisher, { checkAPI: false });
    await until(() => manager.streams.info('SWITCHBOARD'), { what: 'the stream' });
    const consumers = await houseAs(nats, 'switchboard-consumers', PASSWORDS.CONSUMERS_PASSWORD, {
      SWITCHBOARD_ROLES: 'csat,routing',
    });
    await consumersWork(consumers, publisher);
    expect(await consumers.health()).toMatchObject({ nats: 'connected', natsDetail: null });

    const heard: string[] = [];
    const troubles: unknown[] = [];
    const own = { user: 'my-csat', password: PASSWORDS.MY_CSAT_PASSWORD, inboxPrefix: '_INBOX.my-csat' };
    const outside = connectTo(nats.url, { ...own, onTrouble: (error) => troubles.push(error) });
    const consumer = new EventConsumer({
      name: 'my-csat',
      events: 'session.ended',
      connection: outside.source,
      once: new RecentIds(),
      handle: async ({ id }) => void heard.push(id),
      onPoison: () => undefined,
    });
    consumer.start();
    started.push(outside.close, () => consumer.stop());
    const event = example('session.ended');
    const { appId, conversationId } = event.data;
    const subject = `${event.type}.${appId}.${conversationId}`;
    await jetstream(publisher).publish(subject, JSON.stringify(event), { msgID: event.id });
    await until(() => heard.includes(event.id), { what: 'the event' });
    expect(troubles).toEqual([]);

    const outsider = await connected(nats, own.user, own.password);
    const theirs = await jetstreamManager(outsider, { checkAPI: false });
    await expect(jetstream(outsider, { timeout: 1_000 }).publish(subject, '{}')).rejects.toThrow(/violation/i);
    await expect(theirs.consumers.delete('SWITCHBOARD', 'csat')).rejects.toThrow(/violation/i);
    await expect(theirs.streams.delete('SWITCHBOARD')).rejects.toThrow(/violation/i);
  }, 90_000);
});
