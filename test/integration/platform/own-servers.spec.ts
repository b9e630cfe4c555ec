import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { startNats, startPostgres } from '../../support/servers.js';
import { until } from '../../support/until.js';

const ROUNDS = 8;

describe('a server of one spec file', () => {
  it.each([
    ['PostgreSQL, however busy it was', startPostgres, busy, one],
    ['nats-server', startNats, idle, jetstream],
  ])(
    '%s: is there again when restart() right behind kill() resolves',
    async (_name, start, before, answers) => {
      const server = await start();
      const { port } = server;
      for (let round = 0; round < ROUNDS; round++) {
        await before(server.url);
        server.kill();
        await server.restart();
        expect(await answers(server.url)).toBe(true);
        expect([server.port, new URL(server.url).port]).toEqual([port, String(port)]);
      }
      await server.stop();
    },
    60_000,
  );

  it.each([
    ['PostgreSQL', startPostgres, async (url: string) => (await client(url)).end()],
    ['nats-server', startNats, async (url: string) => (await connect({ servers: url, reconnect: false })).close()],
  ])(
    '%s: waits for the port it is to have, and takes no other',
    async (_name, start, isThere) => {
      const server = await start();
      server.kill();
      const squatter = await until(() => listenOn(server.port), { what: 'the port to be free' });
      const restarted = server.restart();
      expect(await Promise.race([restarted, sleep(500, 'still waiting')])).toBe('still waiting');
      squatter.close();
      await restarted;
      await isThere(server.url);
      await server.stop();
    },
    60_000,
  );

  it('has a port that no outgoing connection is lent while it is down', async () => {
    const server = await startNats();
    expect(server.port).toBeLessThan(32_768);
    await server.stop();
  });
});

async function busy(url: string): Promise<void> {
  for (const each of await Promise.all(Array.from({ length: 6 }, () => client(url))))
    each.query('SELECT pg_sleep(10)').catch(() => undefined);
}

async function idle(): Promise<void> {
  // Nobody has to work for it to be killed.
}

async function one(url: string): Promise<boolean> {
  const { rows } = await (await client(url)).query('SELECT 1 AS one');
  return rows[0]?.one === 1;
}

async function jetstream(url: string): Promise<boolean> {
  const connection = await connect({ servers: url, reconnect: false });
  const has = connection.info?.jetstream === true;
  await connection.close();
  return has;
}

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
