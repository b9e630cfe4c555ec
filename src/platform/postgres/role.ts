import { Client } from 'pg';
import type { Scope } from './scope.js';

/** The policies bind it whoever logs in; made by the migrator where that is allowed. */
const SERVER_ROLE = 'switchboard_server';

/**
 * Whoever passes over row-level security takes the role that does not. Anybody else stays who they are: tables force
 * their policies on their owner too.
 */
export const TAKE_ROLE = `
  SELECT set_config('role', '${SERVER_ROLE}', false) FROM pg_roles
  WHERE rolname = session_user AND (rolsuper OR rolbypassrls)`;

/**
 * Makes the role, and gives it the rows of every table; for a login that passes over row-level security and may make
 * roles, which are the whole server's. Part of every migration, and of the first start on a restored copy.
 */
export const MAKE_ROLE = `
  DO $$
  BEGIN
    IF NOT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) THEN RETURN; END IF;
    -- A database beside this one may be making it at this moment.
    BEGIN
      CREATE ROLE ${SERVER_ROLE} NOLOGIN NOBYPASSRLS;
    EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
    END;
    BEGIN
      EXECUTE format('GRANT ${SERVER_ROLE} TO %I', current_user);
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
    IF to_regrole('${SERVER_ROLE}') IS NULL THEN RETURN; END IF;
    GRANT USAGE ON SCHEMA public TO ${SERVER_ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${SERVER_ROLE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${SERVER_ROLE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO ${SERVER_ROLE};
  END $$`;

/** Whether {@link MAKE_ROLE} has something to do. */
export const IS_MADE = `
  SELECT coalesce(has_table_privilege(to_regrole('${SERVER_ROLE}')::oid, 'schema_migration', 'SELECT'), false) AS made`;

export const SET_SCOPE = `SELECT set_config('switchboard.scope', $1, false)`;

/** Binds a connection of its own to the policies; `scope`: for its whole life. */
export async function bind(client: Pick<Client, 'query'>, scope: Scope | null = null): Promise<void> {
  await client.query(TAKE_ROLE);
  if (scope !== null) await client.query(SET_SCOPE, [scope]);
}

/** The role of the address passes over row-level security, and cannot take one that does not. */
export class UnboundRole extends Error {
  override readonly name = 'UnboundRole';
}

/** @throws UnboundRole a start under such a role is refused */
export async function requireBound(url: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'switchboard-start' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await bind(client).catch(() => undefined);
    const { rows } = await client.query<{ role: string; unbound: boolean }>(
      `SELECT rolname AS role, rolsuper OR rolbypassrls AS unbound FROM pg_roles WHERE rolname = current_user`,
    );
    const [is] = rows;
    if (is?.unbound === false) return;
    throw new UnboundRole(
      `the database role ${is?.role ?? '?'} passes over row-level security and may not become ${SERVER_ROLE}: ` +
        `grant it that role, or connect as one that is neither superuser nor BYPASSRLS`,
    );
  } finally {
    await client.end();
  }
}
