import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the installation: the nearest one above this file that holds `migrations/`, for sources and for `dist`. */
export const root: string = nearest(dirname(fileURLToPath(import.meta.url)));

export const migrationsDir: string = join(root, 'migrations');

function nearest(folder: string): string {
  if (existsSync(join(folder, 'migrations'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('no migrations/ folder above the program: the installation is incomplete');
  return nearest(parent);
}
