import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { asksToCommit, startProxy, type Proxy } from '../../support/proxy.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';
import { until } from '../../support/until.js';

let database: TestDatabase;
let proxy: Proxy;

beforeAll(async () => {
  database = await testDatabase();
  proxy = await startProxy(database.url);
  const direct = await connected(database.url);
  await direct.query('CREATE TABLE note (n int)');
  await direct.end();
});

afterEach(() => proxy.heal());

afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 500 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function notes(): Promise<number> {
  const client = await connected(database.url);
  const { rows } = await client.query('SELECT n FROM note');
  await client.end();
  return rows.length;
}

describe('the proxy', () => {
  it('passes what it is not told to break', async () => {
    const client = await connected(proxy.url);
    const { rows } = await client.query('SELECT length(repeat($1, 300000)) AS length, repeat($1, 300000) AS text', [
      'x',
    ]);
    expect(rows[0].length).toBe(300_000);
    expect(rows[0].text).toHaveLength(300_000);
    await client.end();
  });

  it('cuts what stands and lets new connections pass', async () => {
    const client = await connected(proxy.url);
    proxy.cut();
    await expect(client.query('SELECT 1')).rejects.toThrow(/terminated|not queryable|ECONNRESET/);
    await (await connected(proxy.url)).end();
  });

  it('refuses, until healed', async () => {
    proxy.refuse();
    await expect(connected(proxy.url)).rejects.toThrow();
    proxy.heal();
    await (await connected(proxy.url)).end();
  });

  it('swallows everything as a lost route does', async () => {
    const client = await connected(proxy.url);
    proxy.blackHole();
    const answered = client.query('SELECT 1').then(
      () => 'answered',
      () => 'failed',
    );
    await expect(connected(proxy.url)).rejects.toThrow(/timeout/);
    proxy.heal();
    expect(await answered).toBe('failed');
  });

  it('cuts between COMMIT and its answer: the client is told nothing, and it happened', async () => {
    const client = await connected(proxy.url);
    await client.query('BEGIN');
    await client.query('INSERT INTO note VALUES (1)');
    const cut = proxy.cutAfterRequest(asksToCommit);
    await expect(client.query('COMMIT')).rejects.toThrow(/terminated|ECONNRESET/);
    await cut;
    await until(async () => (await notes()) === 1, { what: 'the committed note' });
  });

  it('cuts an answer short', async () => {
    const client = await connected(proxy.url);
    const cut = proxy.cutAfterBytes(1_000);
    await expect(client.query(`SELECT repeat('x', 100000)`)).rejects.toThrow(/terminated|ECONNRESET/);
    await cut;
    await (await connected(proxy.url)).end();
  });
});
