import { join } from 'node:path';
import { unprivilegedAccount } from '../../process/index.js';
import { findBinaries } from './binaries.js';
import { Cluster } from './cluster.js';

/**
 * A PostgreSQL for a test run or a check, wholly below `folder`, which every account must be able to enter. `settings`
 * override those of the embedded default; the promises about durability stay on.
 */
export function temporaryCluster(folder: string, settings: Readonly<Record<string, string>> = {}): Cluster {
  const account = unprivilegedAccount();
  const binaries = findBinaries(account, () => folder);
  return new Cluster({ binaries, account, home: join(folder, 'postgres'), settings });
}
