import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { AuditQuery, AuditVerification } from '../../../src/audit/index.js';
import { AuditLogStore } from '../../../src/audit/audit-log.store.js';
import { START } from '../../../src/audit/chain.js';
import { askedByHouse, type LoggedDeed } from '../../../src/configuration/index.js';
import type { AppId } from '../../../src/kernel/index.js';
import { newId } from '../../../src/platform/ids.js';
import { Db, ofApps } from '../../../src/platform/postgres/index.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';
import { unbound } from '../../support/unbound.js';

/** 1,000 in the deep run. */
const ROUNDS = Number(process.env['SWITCHBOARD_TEST_AUDITS'] ?? 250);
const AT_ONCE = 8;

const log = new AuditLogStore();
let database: TestDatabase;
let db: Db;
let query: AuditQuery;
let verification: AuditVerification;
let appId: AppId;
/** Apps of this spec: one per chain. */
const APPS = Array.from({ length: 40 }, () => newId<AppId>());
let next = 0;

beforeAll(async () => {
  database = await testDatabase();
  db = new Db(database.url, AT_ONCE);
  query = new AuditQuery({ kysely: db.within(ofApps(APPS)).kysely } as Db);
  verification = new AuditVerification(query);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});
beforeEach(() => {
  appId = APPS[next++]!;
});

const deed = (subject: string, more: Partial<LoggedDeed> = {}): LoggedDeed => ({
  appId,
  by: askedByHouse.by,
  requestId: null,
  action: 'app.update',
  subject,
  before: null,
  after: { subject },
  ...more,
});
const mine = () => db.within(ofApps(APPS));
const write = (subject: string, more?: Partial<LoggedDeed>): Promise<void> =>
  mine().transaction((tx) => log.write(tx, deed(subject, more)));
const grow = async (length: number): Promise<void> => {
  for (let at = 1; at <= length; at++) await write(`s${at}`);
};
const numbers = async (): Promise<number[]> => (await query.behind(appId, 0, 10_000)).map(({ number }) => number);

/** As a superuser could, who takes the trigger away first. */
const tamper = (statement: ReturnType<typeof sql>): Promise<void> =>
  unbound(db)
    .transaction()
    .execute(async (tx) => {
      await sql`ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays`.execute(tx);
      await statement.execute(tx);
      await sql`ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_stays`.execute(tx);
    });

describe('the chain of an app in PostgreSQL', () => {
  it(
    `has no gap and one order after ${ROUNDS} rounds of ${AT_ONCE} writers at once, some of which take back`,
    async () => {
      let taken = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const writers = Array.from({ length: AT_ONCE }, async (_, writer) => {
          const name = `${round}/${writer}`;
          if (writer % 4 < 3) return write(name);
          taken += 1;
          return mine()
            .transaction(async (tx) => {
              await log.write(tx, deed(name));
              throw new Error('taken back');
            })
            .catch((error: Error) => expect(error.message).toBe('taken back'));
        });
        await Promise.all(writers);
      }
      const kept = ROUNDS * AT_ONCE - taken;
      expect(await query.end(appId)).toMatchObject({ number: kept, highest: kept });
      expect(await verification.walk(appId)).toMatchObject({ complete: true, broken: null, to: { number: kept } });
    },
    60_000 + ROUNDS * 300,
  );

  it('is one per app', async () => {
    await grow(3);
    const other = APPS[next++]!;
    await write('other', { appId: other });
    expect(await query.end(other)).toMatchObject({ number: 1 });
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it.each([
    ['UPDATE', sql`UPDATE audit_entry SET subject = 'x'`],
    ['UPDATE of nothing', sql`UPDATE audit_entry SET subject = 'x' WHERE false`],
    ['DELETE', sql`DELETE FROM audit_entry`],
    ['TRUNCATE', sql`TRUNCATE audit_entry`],
  ])('refuses %s, also with triggers off for replication', async (_, statement) => {
    await grow(1);
    const refused = /the audit log is append-only/;
    await expect(
      unbound(db)
        .transaction()
        .execute((tx) => statement.execute(tx)),
    ).rejects.toThrow(refused);
    const offForReplication = unbound(db)
      .transaction()
      .execute(async (tx) => {
        await sql`SET LOCAL session_replication_role = replica`.execute(tx);
        await statement.execute(tx);
      });
    await expect(offForReplication).rejects.toThrow(refused);
    expect(await numbers()).toEqual([1]);
  });

  it('keeps values as they were hashed, whatever jsonb makes of them', async () => {
    const odd = { n: [1e21, 1e-7, -0, 0.1, 9007199254740991], 'b\0': 'a\0\ud800', __proto__: 1, 10: 1, 9: 2, é: '😀' };
    await write('odd', { before: odd, after: JSON.parse('{"__proto__":{"x":1.50}}') as object });
    await write('behind');
    expect(await verification.walk(appId)).toMatchObject({ complete: true, broken: null });
  });
});

describe('a verification', () => {
  it('says complete of an app that has no log', async () => {
    expect(await verification.walk(appId)).toEqual({ to: START, complete: true, broken: null });
  });

  it('finds the first entry that was altered, at any of 7', async () => {
    await grow(7);
    for (let number = 7; number >= 1; number--) {
      await tamper(
        sql`UPDATE audit_entry SET after = '{"subject":"x"}' WHERE app_id = ${appId} AND number = ${number}`,
      );
      expect((await verification.walk(appId)).broken).toEqual({ number, reason: 'altered' });
    }
  });

  it('finds what was taken out, cut off, added, or has lost its end', async () => {
    await grow(5);
    await tamper(sql`DELETE FROM audit_entry WHERE app_id = ${appId} AND number = 5`);
    expect((await verification.walk(appId)).broken).toEqual({ number: 5, reason: 'missing' });
    await tamper(sql`DELETE FROM audit_entry WHERE app_id = ${appId} AND number = 2`);
    expect((await verification.walk(appId)).broken).toEqual({ number: 2, reason: 'missing' });

    appId = APPS[next++]!;
    await grow(2);
    await sql`INSERT INTO audit_entry (app_id, number, id, at, actor_type, action, subject, hash)
      VALUES (${appId}, 3, ${newId()}, now(), 'system', 'app.update', 'forged', '\\x00')`.execute(unbound(db));
    expect((await verification.walk(appId)).broken).toEqual({ number: 3, reason: 'unfinished' });

    appId = APPS[next++]!;
    await grow(2);
    await sql`DELETE FROM audit_chain WHERE app_id = ${appId}`.execute(unbound(db));
    expect(await verification.walk(appId)).toMatchObject({ complete: false, broken: { reason: 'unfinished' } });

    appId = APPS[next++]!;
    await grow(2);
    await sql`UPDATE audit_chain SET last_hash = '\\x00' WHERE app_id = ${appId}`.execute(unbound(db));
    expect((await verification.walk(appId)).broken).toEqual({ number: 3, reason: 'unfinished' });
  });

  it('goes on where it stopped, and holds a hash that was kept elsewhere against the table', async () => {
    await grow(5);
    const first = await verification.walk(appId, START, 3);
    expect(first).toMatchObject({ to: { number: 3 }, complete: false, broken: null });
    expect(await verification.walk(appId, first.to, 3)).toMatchObject({ to: { number: 5 }, complete: true });

    // The whole chain written anew from 2 on, its end with it: only somebody else's memory tells.
    const kept = await verification.walk(appId);
    await tamper(sql`DELETE FROM audit_entry WHERE app_id = ${appId} AND number > 1`);
    const [one] = await query.behind(appId, 0, 1);
    await sql`UPDATE audit_chain SET last_number = 1, last_hash = ${one?.hash} WHERE app_id = ${appId}`.execute(
      unbound(db),
    );
    for (let at = 2; at <= 5; at++) await write(`forged${at}`);
    expect(await verification.walk(appId)).toMatchObject({ complete: true });
    expect((await verification.walk(appId, kept.to)).broken).toEqual({ number: 5, reason: 'altered' });
    expect((await verification.walk(appId, { ...kept.to, number: 6 })).broken).toEqual({
      number: 6,
      reason: 'missing',
    });
  });
});
