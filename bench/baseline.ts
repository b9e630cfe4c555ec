/**
 * What the machine can do without us: the same transaction under pgbench (L1) and as one prepared statement in `pg`,
 *
 * The transaction: lock one of 100,000 rows, change its owner, insert one event and one outbox row, commit.
 */
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { percentile } from './figures.js';
import { withFolder } from './folder.js';

const run = promisify(execFile);
const ROWS = 100_000;

const oneStatement = (id: string) => `
WITH locked AS (SELECT id, version, owner FROM bench_conversation WHERE id = ${id} FOR UPDATE),
changed AS (
  UPDATE bench_conversation c SET version = c.version + 1, owner = 1 - c.owner
  FROM locked WHERE c.id = locked.id RETURNING c.id, c.version),
noted AS (
  INSERT INTO bench_event (conversation_id, seq, data)
  SELECT id, version, '{"type": "controlPassed", "from": "65f0a0000000000000000001", "to": "65f0a0000000000000000002", "by": {"type": "app"}}'
  FROM changed RETURNING conversation_id, seq, data)
INSERT INTO bench_outbox (conversation_id, seq, body) SELECT conversation_id, seq, data FROM noted`;

export async function prepareBaseline(databaseUrl: string): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  await client.query(`
    CREATE TABLE bench_conversation (id int PRIMARY KEY, version bigint NOT NULL, owner int NOT NULL) WITH (fillfactor = 80);
    INSERT INTO bench_conversation SELECT i, 0, 0 FROM generate_series(1, ${ROWS}) i;
    CREATE TABLE bench_event (conversation_id int, seq bigint, data jsonb, PRIMARY KEY (conversation_id, seq));
    CREATE TABLE bench_outbox (id bigserial PRIMARY KEY, conversation_id int, seq bigint, body jsonb);
    ANALYZE bench_conversation;`);
  await client.end();
}

/** Before a cell, so that none pays for another's dirty pages. */
export async function checkpoint(databaseUrl: string): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  await client.query('CHECKPOINT');
  await client.end();
}

/** L1: transactions a second of pgbench's single prepared statement with 16 clients. */
export async function pgbench(databaseUrl: string, seconds: number): Promise<number> {
  const options = ['-n', '-M', 'prepared', '-c', '16', '-j', '2', '-T', String(seconds)];
  const { stdout } = await withFolder((folder) => {
    const script = join(folder, 'l1.sql');
    writeFileSync(script, `\\set id random(1, ${ROWS})\n${oneStatement(':id')};\n`);
    return run(pgbenchPath(), [...options, '-f', script, databaseUrl]);
  });
  const rate = /tps = ([\d.]+)/.exec(stdout)?.[1];
  if (!rate) throw new Error(`pgbench said no rate: ${stdout}`);
  return Number(rate);
}

function pgbenchPath(): string {
  for (const path of ['/usr/bin/pgbench', '/usr/lib/postgresql/15/bin/pgbench']) if (existsSync(path)) return path;
  throw new Error('pgbench is missing; on Debian: apt-get install postgresql-15');
}

/** Median milliseconds of one prepared statement at a time, twenty a second over one connection (for G6). */
export async function loneStatement(databaseUrl: string, seconds: number): Promise<number> {
  const client = new Client(databaseUrl);
  await client.connect();
  const times: number[] = [];
  for (let index = 0; index < 20 * seconds; index++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const begun = performance.now();
    await client.query({
      name: 'lone',
      text: oneStatement('$1'),
      values: [1 + Math.floor(Math.random() * ROWS)],
    });
    times.push(performance.now() - begun);
  }
  await client.end();
  return percentile(times, 50);
}
