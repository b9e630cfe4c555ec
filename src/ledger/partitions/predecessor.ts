import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Leaves `owner` in a data directory that this process has claimed (`platform/process/claim.ts`), and answers who left
 * its name there before: the claim proves that one dead. `null`: nobody did.
 */
export function predecessorIn(dataDir: string, owner: string): string | null {
  const file = join(dataDir, 'lease.owner');
  const before = read(file);
  writeFileSync(file, `${owner}\n`, { mode: 0o600 });
  return before;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
