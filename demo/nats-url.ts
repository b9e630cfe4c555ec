import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the events are: `NATS_URL`, else the nats-server that runs in the server's data directory. */
export function natsUrl(dataDir: string): string {
  const given = process.env['NATS_URL'];
  if (given) return given;
  const file = join(dataDir, 'nats', 'port');
  try {
    return `nats://127.0.0.1:${readFileSync(file, 'utf8').trim()}`;
  } catch {
    throw new Error(
      `${file} cannot be read: the server runs no NATS of its own there; set NATS_URL to the one it uses`,
    );
  }
}
