import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { ConfigurationStore } from '../../../src/configuration/index.js';
import { EndUsers } from '../../../src/conversation/queries/end-users.store.js';
import { UserNews } from '../../../src/conversation/user-news.js';
import { inApps } from '../../../src/platform/postgres/index.js';
import { startStage, type Stage } from '../../support/stage.js';
import { plainClient } from '../../support/toy-ledger.js';
import { until } from '../../support/until.js';

let stage: Stage;
let neighbour: Client;
let endUsers: EndUsers;
beforeAll(async () => {
  stage = await startStage();
  neighbour = await plainClient(stage.url);
});
beforeEach(() => {
  endUsers = new EndUsers(stage.db, new UserNews(new ConfigurationStore(stage.db)));
});
afterAll(async () => {
  await neighbour.end();
  await stage.close();
});

/** Somebody the business made. */
async function made(externalId: string): Promise<string> {
  const id = await stage.user();
  await stage.sql.query('UPDATE app_user SET external_id = $2, authenticated = false WHERE id = $1', [id, externalId]);
  return id;
}

const comes = (externalId: string, value: string) =>
  inApps([stage.appId], () =>
    endUsers.recognised(stage.appId, { externalId, name: null, email: { value, verified: true } }),
  );

const row = async (id: string) =>
  (await stage.sql.query('SELECT told::int, identities, authenticated FROM app_user WHERE id = $1', [id])).rows[0];

describe('a user who comes with tokens', () => {
  it('of two front ends that say different e-mails is written once for each, however often they come', async () => {
    const id = await made('two');
    for (let times = 0; times < 5; times += 1) for (const who of ['desk', 'web']) await comes('two', `${who}@a.org`);
    expect(await row(id)).toMatchObject({ told: 2, authenticated: true, identities: [{ value: 'web@a.org' }] });
  });

  it('is written once at a first visit of many calls, of which one waits for the row and the others hold nothing', async () => {
    const id = await made('first');
    await neighbour.query('BEGIN');
    await neighbour.query('SELECT FROM app_user WHERE id = $1 FOR UPDATE', [id]);
    const calls = Promise.all(Array.from({ length: 30 }, () => comes('first', 'ana@a.org')));
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await until(async () => (await stage.sql.query(waiting)).rowCount === 1, { what: 'one to wait for the row' });
    // Had each of them a connection, nobody else would get one.
    expect((await comes('nobody knows them', 'x@a.org')) === null).toBe(true);
    expect((await stage.sql.query(waiting)).rowCount).toBe(1);
    await neighbour.query('COMMIT');
    for (const user of await calls) expect(user).toMatchObject({ id, authenticated: true });
    expect(await row(id)).toMatchObject({ told: 1 });
  });

  it('is identified by the next call when the first one failed', async () => {
    const id = await made('failed');
    await stage.sql.query(
      `ALTER TABLE app_user ADD CONSTRAINT refused CHECK (external_id <> 'failed' OR told = 0) NOT VALID`,
    );
    const calls = Array.from({ length: 3 }, () => comes('failed', 'ana@a.org'));
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await stage.sql.query('ALTER TABLE app_user DROP CONSTRAINT refused');
    expect(await comes('failed', 'ana@a.org')).toMatchObject({ id, authenticated: true });
  });
});
