import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { environment } from '../../config/environment.js';

/** Where distributions put servers; users' PATHs often leave it out. */
const BESIDES_PATH = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/usr/bin'];

/** What a user runs where we may not install it ourselves. */
export const INSTALL_COMMAND = 'sudo apt-get install -y nats-server';

/** The nats-server of this machine, `null` when there is none. */
export function findNatsServer(path = environment['PATH'] ?? ''): string | null {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...BESIDES_PATH];
  return folders.map((folder) => join(folder, 'nats-server')).find(isExecutable) ?? null;
}

/** Installs it from Debian's packages; only root on a Debian can. Answers where it is now, `null` when that failed. */
export function installNatsServer(): string | null {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return null;
  const install = (): boolean => aptGet('install', '-y', '--no-install-recommends', 'nats-server');
  return install() || (aptGet('update') && install()) ? findNatsServer() : null;
}

function aptGet(...args: readonly string[]): boolean {
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { stdio: 'ignore', timeout: 180_000, env }).status === 0;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
