import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { environment } from '../../config/environment.js';

/** Where distributions put servers; users' PATHs often leave it out. */
const BESIDES_PATH = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/usr/bin'];

/** What a user runs where set-up may not install it (scripts/setup.mjs does, as root on Debian). */
export const INSTALL_COMMAND = 'sudo apt-get install -y nats-server';

/** The nats-server of this machine, `null` when there is none. */
export function findNatsServer(path = environment['PATH'] ?? ''): string | null {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...BESIDES_PATH];
  return folders.map((folder) => join(folder, 'nats-server')).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
