import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Nats } from '../../../src/platform/nats/nats.js';
import { startNats, type OwnServer } from '../../support/servers.js';
import { until } from '../../support/until.js';

let server: OwnServer;

beforeAll(async () => {
  server = await startNats();
});

afterAll(() => server.stop());

describe('Nats', () => {
  it('connects in the background, tells of losing the server and of having it again, and closes for good', async () => {
    const nats = new Nats(() => Promise.resolve([server.url]));
    const seen: boolean[] = [];
    nats.connection$.subscribe((connection) => seen.push(connection !== null));
    nats.start();
    expect(nats.connection).toBeNull();
    await until(() => nats.connection, { what: 'a connection' });
    expect(nats.status).toBe('connected');

    server.kill();
    await until(() => nats.connection === null, { what: 'the loss to be told' });
    expect(nats.status).toBe('disconnected');
    await server.restart();
    await until(() => nats.connection, { what: 'the connection again' });

    await nats.close();
    expect([nats.status, nats.connection]).toEqual(['closed', null]);
    expect(seen).toEqual([false, true, false, true, false]);
  });

  it('starts without a server and takes the one that appears later', async () => {
    let there = false;
    const nats = new Nats(() => Promise.resolve(there ? [server.url] : null));
    nats.start();
    await until(() => nats.status === 'absent', { what: 'the absence to be told' });
    there = true;
    await until(() => nats.connection, { what: 'a connection' });
    await nats.close();
  });

  it('closes while it looks for a server that it had', async () => {
    const own = await startNats();
    const nats = new Nats(() => Promise.resolve([own.url]));
    nats.start();
    await until(() => nats.connection, { what: 'a connection' });
    await own.stop();
    await until(() => nats.status === 'disconnected', { what: 'the loss' });
    await nats.close();
    expect(nats.status).toBe('closed');
  });

  it('closes while there is nothing to connect to', async () => {
    const nats = new Nats(() => Promise.resolve(['nats://127.0.0.1:1']));
    nats.start();
    await nats.close();
    expect(nats.status).toBe('closed');
  });
});
