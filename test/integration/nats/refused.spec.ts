import { afterEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import { ConfiguredNats, type NatsConfiguration } from '../../support/configured-nats.js';
import { House } from '../../support/house.js';
import { compare, readStream, writeOutbox, type History } from '../../support/outbox-load.js';
import { until } from '../../support/until.js';

const LOAD = { writers: 2, conversations: 5, rows: 40, heldMs: 1, rollbacks: 0 };
const WARNING = 40;

const started: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of started.splice(0).toReversed()) await stop();
});

async function natsWith(configuration: NatsConfiguration): Promise<ConfiguredNats> {
  const nats = await ConfiguredNats.start(configuration);
  started.push(() => nats.stop());
  return nats;
}

async function houseWith(settings: Readonly<Record<string, string>>): Promise<House> {
  const house = await House.start(settings);
  started.push(() => house.stop());
  return house;
}

const write = ({ database }: House): Promise<History> => writeOutbox(database.url, LOAD, () => undefined);
const published = (house: House) =>
  until(async () => (await house.figure('switchboard_outbox_unpublished')) === 0, { what: 'everything published' });

async function settingsOfStream(url: string) {
  const connection = await connect({ servers: url });
  const { config } = await (await jetstreamManager(connection)).streams.info('SWITCHBOARD');
  await connection.close();
  return config;
}

describe('a NATS that does not let us in', () => {
  it('is named in health and in one line of the log within five seconds, and in one more when it does', async () => {
    const nats = await natsWith({ more: 'authorization { user: app, password: right }' });
    const house = await houseWith({ NATS_URL: nats.url, NATS_USER: 'app', NATS_PASSWORD: 'changed' });
    const patience = { timeoutMs: 5_000, what: 'the refusal' };
    await until(async () => (await house.health()).nats === 'refused: authorization', patience);
    expect(await house.health()).toMatchObject({ ready: true, natsDetail: expect.stringMatching(/authorization/i) });
    await until(() => house.told.length > 0, { what: 'a line of the log' });
    const written = await write(house);
    // Many attempts later: events wait, and nothing more was said.
    await until(async () => (await house.health()).publishing?.waiting, { what: 'what waits' });
    expect(house.told.map(({ level, nats: state, err }) => [level, state, err.message])).toEqual([
      [WARNING, 'refused: authorization', expect.stringMatching(/authorization violation/i)],
    ]);

    await nats.restart({ more: 'authorization { user: app, password: changed }' });
    await until(async () => (await house.health()).nats === 'connected', { what: 'the connection' });
    await published(house);
    const over = () => house.told.filter(({ msg }) => msg === 'NATS is connected again');
    await until(() => over().length === 1, { what: 'the line that it is over' });
    expect(compare(written, (await readStream(nats.urlOf('app:changed'))).first)).toEqual({ missed: 0, disordered: 0 });
    expect(JSON.stringify(house.told)).not.toContain('"changed"');
  }, 60_000);
});

describe('a NATS that allows less than the stream asks for', () => {
  it('is told in health and in one line, with what is lacking; events go on when it allows more', async () => {
    const nats = await natsWith({ jetstream: 'max_file_store: 1GB' });
    const house = await houseWith({ NATS_URL: nats.url });
    await until(async () => (await house.health()).nats === 'refused: stream', { what: 'the refusal' });
    const { natsDetail } = await house.health();
    expect(natsDetail).toMatch(/stream SWITCHBOARD is missing .*insufficient storage.* 4294967296 bytes/);
    expect(natsDetail).toContain('SWITCHBOARD_STREAM_MAX_BYTES');
    const written = await write(house);
    // By then the consumers of the house miss the stream, too.
    const stalledFor = (seconds: number) =>
      house.figure('switchboard_outbox_stalled_seconds').then((stalled) => stalled > seconds);
    await until(() => stalledFor(12), { what: 'a long wait' });
    expect((await house.health()).publishing?.waiting).toBe([...written.values()].flat().length);
    expect(house.told.map(({ level, err }) => [level, err?.message])).toEqual([[WARNING, natsDetail]]);

    await nats.restart({ jetstream: 'max_file_store: 8GB' });
    await until(async () => (await house.health()).nats === 'connected', { what: 'the stream' });
    await published(house);
    const over = () => house.told.filter(({ msg }) => msg === 'the stream is there again');
    await until(() => over().length === 1, { what: 'the line that it is over' });
    expect(await house.health()).toMatchObject({ natsDetail: null, publishing: null });
    expect(compare(written, (await readStream(nats.url)).first)).toEqual({ missed: 0, disordered: 0 });
  }, 60_000);

  it('gets the limits of the settings, where there is room for them', async () => {
    const nats = await natsWith({ jetstream: 'max_file_store: 1GB' });
    await houseWith({
      NATS_URL: nats.url,
      SWITCHBOARD_STREAM_MAX_BYTES: '104857600',
      SWITCHBOARD_STREAM_MAX_AGE_HOURS: '72',
    });
    const config = await until(() => settingsOfStream(nats.url), { what: 'the stream' });
    expect(config).toMatchObject({ max_bytes: 104_857_600, max_age: nanos(72 * 3_600_000), num_replicas: 1 });
  }, 60_000);

  it('lets events go on where only the limits of a stream that is there are refused, and says which', async () => {
    const nats = await natsWith({ jetstream: 'max_file_store: 1GB' });
    const connection = await connect({ servers: nats.url });
    await (
      await jetstreamManager(connection)
    ).streams.add({
      name: 'SWITCHBOARD',
      subjects: ['switchboard.v1.>'],
      duplicate_window: nanos(15 * 60_000),
      max_bytes: 50_000_000,
    });
    await connection.close();
    const house = await houseWith({ NATS_URL: nats.url, SWITCHBOARD_STREAM_MAX_BYTES: '2147483648' });
    await until(async () => (await house.health()).natsDetail, { what: 'the shortfall' });
    expect(await house.health()).toMatchObject({
      nats: 'connected',
      natsDetail: expect.stringMatching(/storage.*2147483648 bytes \(SWITCHBOARD_STREAM_MAX_BYTES\)/),
    });
    await write(house);
    await published(house);
    expect(house.told.map(({ msg }) => msg)).toEqual(['the stream keeps other limits than the settings ask for']);
    expect(await settingsOfStream(nats.url)).toMatchObject({ max_bytes: 50_000_000, num_replicas: 1 });
  }, 60_000);
});

describe('a NATS that acknowledges nothing', () => {
  it('is stalled: health says since when and how many events wait, and so do the figures', async () => {
    const nats = await natsWith({});
    const house = await houseWith({ NATS_URL: nats.url });
    await write(house);
    await published(house);
    expect(await house.health()).toMatchObject({ nats: 'connected', natsDetail: null, publishing: null });

    const before = Date.now();
    nats.kill('SIGSTOP');
    const [...written] = (await write(house)).values();
    await until(async () => (await house.health()).nats === 'stalled', { what: 'the stall' });
    const { ready, publishing, natsDetail } = await house.health();
    expect(ready).toBe(true);
    expect(natsDetail).toMatch(/acknowledge/);
    expect(publishing?.waiting).toBe(written.flat().length);
    // The clock of the database says when the first of them was written.
    expect(Math.abs(Date.parse(publishing?.since ?? '') - before)).toBeLessThan(4_000);
    expect(await house.figure('switchboard_outbox_stalled_seconds')).toBeGreaterThan(4);
    // When the connection is given up, what waits is told all the same.
    await until(async () => (await house.health()).nats === 'disconnected', { timeoutMs: 40_000, what: 'the loss' });
    expect((await house.health()).publishing?.since.slice(0, 16)).toBe(publishing?.since.slice(0, 16));

    nats.kill('SIGCONT');
    await until(async () => (await house.health()).nats === 'connected', { what: 'the connection' });
    await published(house);
    expect((await house.health()).publishing).toBeNull();
    expect(await house.figure('switchboard_outbox_stalled_seconds')).toBe(0);
  }, 120_000);
});
