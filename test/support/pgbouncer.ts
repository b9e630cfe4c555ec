import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../src/platform/process/index.js';
import { startProgram } from './programs.js';
import { ownFolder } from './servers.js';

export interface Pooler {
  /** The database's URL with this pooler's address. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A PgBouncer before the server of `databaseUrl`, for whoever may log in there. `settings` are PgBouncer's own. */
export async function startPgBouncer(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Pooler> {
  const folder = ownFolder('pgbouncer');
  const port = await freePort();
  const config = join(folder, 'pgbouncer.ini');
  const server = new URL(databaseUrl);
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${server.username}" "${decodeURIComponent(server.password)}"\n`);
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: users,
    pidfile: join(folder, 'pgbouncer.pid'),
    default_pool_size: '60',
    max_client_conn: '400',
    server_login_retry: '1',
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  writeFileSync(
    config,
    ['[databases]', `* = host=${server.hostname} port=${server.port}`, '[pgbouncer]', ...lines, ''].join('\n'),
  );
  const stop = await startProgram({ name: 'pgbouncer', args: [config], folder, port });
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
