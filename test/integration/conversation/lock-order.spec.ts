import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { ConfigurationStore } from '../../../src/configuration/index.js';
import { ConversationBook, type ConversationRequest } from '../../../src/conversation/index.js';
import type { Statement } from '../../../src/ledger/index.js';
import { startStage, type Stage } from '../../support/stage.js';
import { plainClient } from '../../support/toy-ledger.js';
import { until } from '../../support/until.js';

let stage: Stage;
let book: ConversationBook;
/** Takes its locks in order of ids, as everybody must. */
let neighbour: Client;
/** Runs the book's statements over rows that lie in the table against the order of their ids. */
let group: Client;

beforeAll(async () => {
  stage = await startStage();
  book = new ConversationBook(new ConfigurationStore(stage.db));
  [neighbour, group] = await Promise.all([plainClient(stage.url), plainClient(stage.url)]);
  // The rows come as they lie: without an order of its own the statement locks the last id first.
  for (const off of ['enable_seqscan', 'enable_indexscan', 'enable_indexonlyscan'])
    await group.query(`SET ${off} = off`);
});

afterAll(async () => {
  await Promise.all([neighbour.end(), group.end()]);
  await stage.close();
});

/** The book's lock of these rows, sent last id first. */
function lockOf(kind: 'users' | 'conversations' | 'apps', ids: readonly string[]): Statement {
  const sent = ids.toReversed();
  const appOf = (id: string): string => (kind === 'apps' ? id : stage.appId);
  const requests = sent.map((id) => ({ appId: appOf(id), target: id, opening: { participants: [id] } }));
  const all = book.locks(requests as unknown as ConversationRequest[]);
  const [apps, users, conversations] = all;
  return { apps, users, conversations }[kind] as Statement;
}

async function copies(table: string, ids: readonly string[], like: string): Promise<void> {
  for (const id of ids.toReversed()) {
    await stage.sql.query(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(t, $1)).* FROM ${table} t WHERE id = $2`,
      [{ id, external_id: id, is_default: false }, like],
    );
  }
}

describe('the locks of a group', () => {
  it.each([
    ['conversations', 'conversation'],
    ['users', 'app_user'],
    ['apps', 'app'],
  ] as const)('are taken in order of ids, so that nobody waits in a circle: %s', async (kind, table) => {
    const user = await stage.user();
    const like = { conversations: await stage.open(user), users: user, apps: stage.appId }[kind];
    const ids = [1, 2, 3].map((n) => `00000000000000000000000${n}`);
    const [first, , last] = ids as [string, string, string];
    await copies(table, ids, like);
    const { rows } = await group.query('SELECT pg_backend_pid() AS pid');

    await neighbour.query('BEGIN');
    await neighbour.query(`SELECT FROM ${table} WHERE id = $1 FOR UPDATE`, [first]);
    await group.query('BEGIN');
    const { text, values } = lockOf(kind, ids);
    const locked = group.query(text, [...values]);
    const waits = `SELECT wait_event_type = 'Lock' AS it FROM pg_stat_activity WHERE pid = $1`;
    await until(async () => (await stage.sql.query(waits, [rows[0].pid])).rows[0].it, { what: 'the group to wait' });

    // Had the group the last one already, these two would wait for each other for ever.
    const next = neighbour.query(`SELECT id FROM ${table} WHERE id = $1 FOR UPDATE NOWAIT`, [last]);
    await expect(next.then((result) => result.rows)).resolves.toEqual([{ id: last }]);
    await neighbour.query('COMMIT');
    expect((await locked).rows.map(({ id }) => id)).toEqual(ids);
    await group.query('COMMIT');
  });

  it('take in the default conversation of a user who opens another only where that takes its place', async () => {
    const user = await stage.user();
    const first = await stage.open(user);
    const opening = { appId: stage.appId, target: '0'.repeat(24), opening: { userId: user, participants: [user] } };
    const [, , conversations] = book.locks([opening] as unknown as ConversationRequest[]);
    const { text, values } = conversations as Statement;
    const locked = async () => (await stage.sql.query(text, [...values])).rows.map(({ id }) => id);
    expect(await locked()).toEqual([]);
    await stage.sql.query(`UPDATE app SET settings = settings || '{"multiConvoEnabled": false}' WHERE id = $1`, [
      stage.appId,
    ]);
    expect(await locked()).toEqual([first]);
    await stage.sql.query(`UPDATE app SET settings = settings - 'multiConvoEnabled' WHERE id = $1`, [stage.appId]);
    expect(await locked()).toEqual([first]);
    await stage.sql.query(`UPDATE app SET settings = settings || '{"multiConvoEnabled": true}' WHERE id = $1`, [
      stage.appId,
    ]);
  });

  it('keep nobody from opening a conversation while something is written in the default one', async () => {
    const user = await stage.user();
    const first = await stage.open(user);
    await neighbour.query('BEGIN');
    await neighbour.query('SELECT FROM conversation WHERE id = $1 FOR UPDATE', [first]);
    const another = await stage.open(user);
    await neighbour.query('ROLLBACK');
    const { rows } = await stage.sql.query('SELECT id FROM conversation WHERE user_id = $1 AND is_default', [user]);
    expect(rows).toEqual([{ id: first }]);
    expect(another).not.toBe(first);
  });
});
