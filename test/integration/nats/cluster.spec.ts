import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager, type StreamInfo } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { freePort } from '../../../src/platform/process/index.js';
import { ConfiguredNats } from '../../support/configured-nats.js';
import { House } from '../../support/house.js';
import { compare, readStream, writeOutbox, type History } from '../../support/outbox-load.js';
import { until } from '../../support/until.js';

const NAMES = ['a', 'b', 'c'];
const servers: ConfiguredNats[] = [];
let urls: string;
let house: House;

beforeAll(async () => {
  const routes = await Promise.all(NAMES.map(() => freePort()));
  const configurations = NAMES.map((name, at) => ({
    name,
    more: `cluster { name: company, listen: "127.0.0.1:${routes[at]}", no_advertise: true,
      routes: [${routes.map((port) => `"nats://127.0.0.1:${port}"`).join(', ')}] }`,
  }));
  servers.push(...(await Promise.all(configurations.map((each) => ConfiguredNats.start(each)))));
  urls = servers.map(({ url }) => url).join(',');
  house = await House.start({ NATS_URL: urls, SWITCHBOARD_STREAM_REPLICAS: '3' });
  await until(async () => (await house.health()).nats === 'connected' && (await standing()), { what: 'the stream' });
}, 90_000);

afterAll(async () => {
  await house?.stop();
  await Promise.all(servers.map((server) => server.stop()));
});

async function standing(): Promise<StreamInfo> {
  const connection = await connect({ servers: urls.split(','), timeout: 1_000 });
  try {
    return await (await jetstreamManager(connection, { checkAPI: false })).streams.info('SWITCHBOARD');
  } finally {
    await connection.close();
  }
}

const write = (): Promise<History> =>
  writeOutbox(
    house.database.url,
    { writers: 4, conversations: 40, rows: 2_000, heldMs: 5, rollbacks: 0.1 },
    () => undefined,
  );

describe('a stream on three servers', () => {
  it('loses no event when its leader is killed while events are published', async () => {
    const before = await standing();
    expect(before.config.num_replicas).toBe(3);
    const leader = servers[NAMES.indexOf(before.cluster?.leader ?? '')];
    const writing = write();
    const count = async () => (await standing()).state.messages;
    await until(async () => (await count()) > 300, { what: 'the midst of the work' });
    leader?.kill('SIGKILL');
    const written = await writing;

    await until(async () => (await house.figure('switchboard_outbox_unpublished')) === 0, {
      timeoutMs: 60_000,
      what: 'everything published',
    });
    expect((await standing()).cluster?.leader).not.toBe(before.cluster?.leader);
    // Two servers that are left may take a moment until they make a consumer again.
    const left = servers.find((server) => server !== leader)?.url ?? '';
    const { first } = await until(() => readStream(left), { what: 'a reader of the stream' });
    expect(compare(written, first)).toEqual({ missed: 0, disordered: 0 });
    expect(await house.figure('switchboard_outbox_rewinds_total')).toBe(0);
  }, 120_000);
});
