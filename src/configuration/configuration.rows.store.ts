import { sql } from 'kysely';
import type { AppId } from '../kernel/index.js';
import type { Row, Statement } from '../ledger/index.js';
import type { Tx } from '../platform/postgres/index.js';

/** Locks apps against a change of their configuration until the transaction ends; in id order, as every lock class is. */
export function lockVersions(appIds: readonly string[]): Statement {
  return { name: 'configuration_lock', text: LOCK, values: [appIds] };
}

const LOCK = 'SELECT id, config_version FROM app WHERE id = ANY($1::text[]) ORDER BY id FOR SHARE';

/** One statement, so that all of it is of one moment even without a lock. */
export function readConfiguration(appId: string): Statement {
  return { name: 'configuration_read', text: READ, values: [appId] };
}

const READ = `
  SELECT a.id, a.config_version, a.removed_at IS NOT NULL AS removed, a.names_ahead, a.settings,
         (SELECT to_jsonb(s) FROM switchboard s WHERE s.app_id = a.id) AS switchboard,
         (SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.id), '[]')
          FROM switchboard_integration l WHERE l.app_id = a.id) AS links,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'type', i.type, 'display_name', i.display_name,
                                                       'was_linked', i.was_linked)
                                    ORDER BY i.id), '[]')
          FROM integration i WHERE i.app_id = a.id) AS integrations,
         (SELECT coalesce(jsonb_agg(to_jsonb(w) - 'secret' ORDER BY w.id), '[]')
          FROM webhook w WHERE w.app_id = a.id) AS webhooks,
         (SELECT coalesce(jsonb_agg(to_jsonb(q) ORDER BY q.id), '[]')
          FROM queue q WHERE q.app_id = a.id) AS queues,
         (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.id), '[]')
          FROM service_channel c WHERE c.app_id = a.id) AS channels
  FROM app a WHERE a.id = $1`;

/** Raises the version, which locks the app's row: changes of one app's configuration happen one after another. A deleted app has none. */
export async function raiseVersion(tx: Tx, appId: AppId): Promise<boolean> {
  const { rows } = await sql<Row>`UPDATE app SET config_version = config_version + 1 WHERE id = ${appId}
    AND removed_at IS NULL RETURNING config_version`.execute(tx);
  return rows.length > 0;
}
