import { ofApps, type Db } from '../../src/platform/postgres/index.js';

/** `Db` as a request of these apps has it: what the door would say of it is said once. */
export function forApps(db: Db, ...appIds: readonly string[]): Db {
  const { kysely, transaction } = db.within(ofApps(appIds));
  const rest = { url: db.url, as: db.as.bind(db), within: db.within.bind(db), openWriter: db.openWriter.bind(db) };
  return { ...rest, kysely, transaction } as unknown as Db;
}
