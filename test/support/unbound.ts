import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import type { Db, Tables } from '../../src/platform/postgres/index.js';
import { types } from '../../src/platform/postgres/index.js';

const known = new WeakMap<object, Kysely<Tables>>();

/** The database as its owner sees it, whom no policy binds: for a spec that looks at everything, or plants what it likes. */
export function unbound(db: Pick<Db, 'url'>): Kysely<Tables> {
  const made = known.get(db);
  if (made) return made;
  const pool = new Pool({ connectionString: db.url, types, max: 2, idleTimeoutMillis: 200, allowExitOnIdle: true });
  // Its database may be dropped under it.
  pool.on('error', () => undefined);
  const fresh = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  known.set(db, fresh);
  return fresh;
}
