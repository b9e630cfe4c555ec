import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { findStored, forget, store, tryKeys } from '../../../src/ledger/idempotency/idempotency.js';
import { openWriter } from '../../../src/platform/postgres/index.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';
import { keyOf } from '../../support/toy-ledger.js';

const key = keyOf('k');
const STATEMENTS = [tryKeys([key]), findStored([key]), store([{ key, about: null, bytes: Buffer.of(0) }]), forget(10)];

let database: TestDatabase;
let writer: Client;

beforeAll(async () => {
  database = await testDatabase();
  writer = await openWriter(database.url);
});

afterAll(async () => {
  await writer.end();
  await database.drop();
});

async function scans(text: string): Promise<readonly string[] | null> {
  const { rows } = await writer.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${text}`);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  return plan.match(/Seq Scan on \w+/g);
}

describe("the ledger's own statements, planned on a fresh schema as a writer plans them", () => {
  it.each(STATEMENTS.map(({ name, text }) => [name, text]))('%s finds its rows by an index', async (_name, text) => {
    expect(await scans(text)).toBeNull();
  });

  it('would be caught reading a whole table', async () => {
    await writer.query('BEGIN');
    await writer.query('SET LOCAL ROLE NONE');
    await writer.query('ALTER TABLE idempotency DROP CONSTRAINT idempotency_pkey');
    expect(await scans(findStored([key]).text)).not.toBeNull();
    await writer.query('ROLLBACK');
  });
});
