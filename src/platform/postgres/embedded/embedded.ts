import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { canEnter, unprivilegedAccount, type Account } from '../../process/index.js';
import { findBinaries } from './binaries.js';
import { Cluster } from './cluster.js';

/** Where an account that cannot reach the data directory keeps its files; root makes it. */
const REACHABLE = '/var/lib/switchboard';

/**
 * The PostgreSQL of a data directory, not started yet. Its files lie in `<dataDir>/postgres`, or, as root with a data
 * directory that the unprivileged account cannot enter, below `/var/lib/switchboard`, which `say` then tells.
 */
export function embeddedCluster(dataDir: string, say: (line: string) => void): Cluster {
  const account = unprivilegedAccount();
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const binaries = findBinaries(account, () => madeReachable(REACHABLE));
  const home = homeFor(account, dataDir);
  if (!home.startsWith(dataDir) && account !== null)
    say(`PostgreSQL keeps its data in ${home}: user ${account.name} cannot reach ${dataDir}`);
  return new Cluster({ binaries, account, home });
}

function homeFor(account: Account | null, dataDir: string): string {
  if (account === null || canEnter(account, dataDir)) return join(dataDir, 'postgres');
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  return join(madeReachable(REACHABLE), name);
}

function madeReachable(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}
