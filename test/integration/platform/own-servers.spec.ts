import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { startNats, startPostgres } from '../../support/servers.js';
import { until } from '../../support/until.js';

const ROUNDS = 8;

describe('a server of one spec file', () => {
  it('PostgreSQL: is there again when restart() right behind kill() resolves, however busy it was', async () => {
    const server = await startPostgres();
    for (let round = 0; round < ROUNDS; round++) {
      const busy = await Promise.all(Array.from({ length: 6 }, () => client(server.url)));
      for (const each of busy) each.query('SELECT pg_sleep(10)').catch(() => undefined);
      server.kill();
      await server.restart();
      const { rows } = await (await client(server.url)).query('SELECT 1 AS one');
      expect(rows).toEqual([{ one: 1 }]);
      expect(new URL(server.url).port).toBe(String(server.port));
    }
    await server.stop();
  }, 60_000);

  it('PostgreSQL: waits for the port it is to have, and takes no other', async () => {
    const server = await startPostgres();
    server.kill();
    const squatter = await until(() => listenOn(server.port), { what: 'the port to be free' });
    const restarted = server.restart();
    expect(await Promise.race([restarted, sleep(500, 'still waiting')])).toBe('still waiting');
    squatter.close();
    await restarted;
    await (await client(server.url)).end();
    await server.stop();
  }, 60_000);

  it('nats-server: is there again when restart() right behind kill() resolves', async () => {
    const server = await startNats();
    for (let round = 0; round < ROUNDS; round++) {
      server.kill();
      await server.restart();
      const connection = await connect({ servers: server.url, reconnect: false });
      expect(connection.info?.jetstream).toBe(true);
      await connection.close();
    }
    await server.stop();
  }, 60_000);

  it('nats-server: waits for the port it is to have, and takes no other', async () => {
    const server = await startNats();
    server.kill();
    const squatter = await until(() => listenOn(server.port), { what: 'the port to be free' });
    const restarted = server.restart();
    expect(await Promise.race([restarted, sleep(500, 'still waiting')])).toBe('still waiting');
    squatter.close();
    await restarted;
    await (await connect({ servers: server.url, reconnect: false })).close();
    await server.stop();
  }, 60_000);

  it('has a port that no outgoing connection is lent while it is down', async () => {
    const server = await startNats();
    expect(server.port).toBeLessThan(32_768);
    await server.stop();
  });
});

function listenOn(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const listening = createServer();
    listening.once('error', () => resolve(null));
    listening.listen(port, '127.0.0.1', () => resolve(listening));
  });
}

async function client(url: string): Promise<Client> {
  const made = new Client({ connectionString: url });
  made.on('error', () => undefined);
  await made.connect();
  return made;
}
