import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Client } from 'pg';
import { enter, forNobodyYet, inApps, ofApps, type Db, type House } from '../../../src/platform/postgres/index.js';
import { requireBound, UnboundRole } from '../../../src/platform/postgres/role.js';
import { newId } from '../../../src/platform/ids.js';
import type { AppId } from '../../../src/kernel/index.js';
import { startFloor, type Floor } from '../../support/floor.js';

/** The second wall between apps: what PostgreSQL lets a server see that forgot to say whose rows it wants. */
let floor: Floor;
let db: Db;
const theirs = newId<AppId>();
let conversationId: string;

beforeAll(async () => {
  floor = await startFloor();
  ({ db } = floor);
  await floor.hire();
  ({ conversationId } = await floor.waiting());
  const copy = `INSERT INTO app SELECT (jsonb_populate_record(a, $1)).* FROM app a WHERE id = $2`;
  await floor.sql.query(copy, [{ id: theirs }, floor.appId]);
});
afterAll(() => floor?.close());

/** Tables in which nothing is anybody's. */
const NOBODYS = ['schema_migration', 'lease', 'process', 'stream_mark', 'consumed_event', 'agreement'];

const secured = async (): Promise<readonly string[]> =>
  (
    await floor.sql.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND relname <> ALL($1) ORDER BY 1`,
      [NOBODYS],
    )
  ).rows.map(({ name }) => name);

const count = async (on: Pick<Db, 'kysely'>, table: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.table(table)}`.execute(on.kysely);
  return rows[0]?.n ?? -1;
};

/** What this app has of each table, as the owner of the database sees it. */
const HOLDING = ['app', 'agent', 'conversation', 'message', 'event', 'participant', 'session', 'waiting', 'app_user'];

describe('every table that holds what is somebody’s', () => {
  it('has row-level security, on and forced, and a policy', async () => {
    const { rows } = await floor.sql.query<{ name: string; on: boolean; forced: boolean; policies: number }>(
      `SELECT c.relname AS name, c.relrowsecurity AS on, c.relforcerowsecurity AS forced,
              (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
       FROM pg_class c WHERE c.relname = ANY($1) AND c.relnamespace = 'public'::regnamespace`,
      [await secured()],
    );
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter(({ on, forced, policies }) => !on || !forced || policies === 0)).toEqual([]);
  });

  it('lets the house in by name, never everybody', async () => {
    const { rows } = await floor.sql.query<{ table: string; policy: string; is: string }>(
      `SELECT tablename AS table, policyname AS policy, coalesce(qual, '') || coalesce(with_check, '') AS is
       FROM pg_policies WHERE schemaname = 'public'`,
    );
    expect(rows.length).toBeGreaterThan(80);
    for (const { table, policy, is } of rows)
      expect([table, policy, is]).toEqual([table, policy, expect.stringContaining('switchboard.scope')]);
  });
});

describe('a statement without its condition on the app', () => {
  it('sees nothing of another app, in any table', async () => {
    for (const table of HOLDING) {
      const all = Number((await floor.sql.query(`SELECT count(*) FROM ${table}`)).rows[0].count);
      expect([table, all > 0]).toEqual([table, true]);
    }
    await inApps([theirs], async () => {
      for (const table of await secured()) {
        expect([table, await count(db, table)]).toEqual([table, table === 'app' ? 1 : 0]);
      }
    });
  });

  it('sees what is of its own app', async () => {
    await inApps([floor.appId], async () => {
      for (const table of HOLDING) expect([table, (await count(db, table)) > 0]).toEqual([table, true]);
    });
  });

  it('changes nothing of another app, and writes nothing into one', async () => {
    await inApps([theirs], async () => {
      const { numAffectedRows } = await sql`UPDATE agent SET role = 'admin'`.execute(db.kysely);
      expect(numAffectedRows).toBe(0n);
      const into = (table: string) =>
        sql`INSERT INTO ${sql.table(table)} SELECT * FROM jsonb_populate_record(
        NULL::${sql.table(table)}, ${JSON.stringify(rowOf())}::jsonb)`.execute(db.kysely);
      for (const table of ['message', 'event', 'timer', 'solved_ticket']) {
        await expect(into(table)).rejects.toMatchObject({ code: '42501' });
      }
    });
  });

  const rowOf = (): object => ({
    id: newId(),
    app_id: floor.appId,
    conversation_id: conversationId,
    seq: 10_000,
    control_epoch: 1,
    type: 'x',
    kind: 'idle',
    subject: 'x',
    at: new Date(),
    due_at: new Date(),
    received_at: new Date(),
    solved_at: new Date(),
    session_id: newId(),
    created_at: new Date(),
    author_type: 'user',
    body: {},
    data: {},
  });

  it('sees nothing either where nobody said for whom it runs, and fails loudly', async () => {
    await expect(count(db, 'agent')).rejects.toThrow('a statement runs for nobody');
    await forNobodyYet(async () => {
      await expect(count(db, 'agent')).rejects.toThrow('a statement runs for nobody');
      enter(ofApps([floor.appId]));
      expect(await count(db, 'agent')).toBe(1);
    });
    const writer = await db.openWriter();
    const { rows } = await writer.query('SELECT count(*)::int AS n FROM agent');
    expect(rows).toEqual([{ n: 0 }]);
    await expect(writer.query(`INSERT INTO outbox DEFAULT VALUES`)).rejects.toMatchObject({ code: '42501' });
    await writer.end();
  });

  it.each<[House, string[]]>([
    ['relay', ['outbox']],
    ['timers', ['timer', 'agent_timer', 'agent_departure', 'crossed_work']],
    ['forgetting', ['idempotency']],
    ['removals', ['removal']],
    [
      'lanes',
      [
        'delivery',
        'holder_watch',
        'webhook',
        'webhook_old_secret',
        'switchboard',
        'switchboard_integration',
        'conversation',
      ],
    ],
  ])('of %s sees its own tables and no others', async (house, own) => {
    for (const table of HOLDING) {
      if (!own.includes(table)) expect([table, await count(db.as(house), table)]).toEqual([table, 0]);
    }
    const { rows } = await floor.sql.query<{ table: string }>(
      `SELECT DISTINCT tablename AS table FROM pg_policies WHERE qual LIKE '%{@' || $1 || '}%' AND tablename !~ '^outbox_'`,
      [house],
    );
    expect(rows.map(({ table }) => table).toSorted()).toEqual(own.toSorted());
  });

  it('is under the scope it asked for, however often connections change hands', async () => {
    const other = [theirs, floor.appId];
    const asked = Array.from({ length: 200 }, async (_, n) => {
      const appId = other[n % 2]!;
      const seen = inApps([appId], () =>
        n % 3 === 0
          ? db.transaction((tx) => tx.selectFrom('app').select('id').execute())
          : db.kysely.selectFrom('app').select('id').execute(),
      );
      expect(await seen).toEqual([{ id: appId }]);
    });
    const undone = inApps([theirs], () =>
      db.transaction(async () => {
        throw new Error('undone');
      }),
    );
    await expect(undone).rejects.toThrow('undone');
    await Promise.all(asked);
  });
});

describe('the role of the server', () => {
  it('is neither superuser nor may it pass over policies, on every connection', async () => {
    const standing = `SELECT rolsuper OR rolbypassrls AS unbound FROM pg_roles WHERE rolname = current_user`;
    const { rows } = await sql.raw<{ unbound: boolean }>(standing).execute(db.as('relay').kysely);
    expect(rows).toEqual([{ unbound: false }]);
    const writer = await db.openWriter();
    expect((await writer.query(standing)).rows).toEqual([{ unbound: false }]);
    await writer.end();
  });

  it('is refused at the start where it passes over policies and may not become one that does not', async () => {
    const role = `by_${randomBytes(4).toString('hex')}`;
    await floor.sql.query(`CREATE ROLE ${role} LOGIN BYPASSRLS PASSWORD 'x'`);
    const url = new URL(floor.url);
    url.username = role;
    url.password = 'x';
    await expect(requireBound(url.href)).rejects.toThrow(UnboundRole);
    await floor.sql.query(`ALTER ROLE ${role} NOBYPASSRLS`);
    await expect(requireBound(url.href)).resolves.toBeUndefined();
    await floor.sql.query(`DROP ROLE ${role}`);
  });

  it('owner of the tables and no superuser, it is bound all the same', async () => {
    const role = `owner_${randomBytes(4).toString('hex')}`;
    await floor.sql.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    await floor.sql.query(`ALTER TABLE agent OWNER TO ${role}`);
    const url = new URL(floor.url);
    url.username = role;
    url.password = 'x';
    const owner = new Client(url.href);
    await owner.connect();
    expect((await owner.query('SELECT count(*)::int AS n FROM agent')).rows).toEqual([{ n: 0 }]);
    await owner.query(`SET switchboard.scope = '{${floor.appId}}'`);
    expect((await owner.query('SELECT count(*)::int AS n FROM agent')).rows).toEqual([{ n: 1 }]);
    await owner.end();
    await floor.sql.query(`ALTER TABLE agent OWNER TO current_user`);
    await floor.sql.query(`DROP ROLE ${role}`);
  });
});
