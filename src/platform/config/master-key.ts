import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './read.js';

const HEX = /^[0-9a-f]{64}$/i;

/** The key given, else the one of the data directory, made there at the first start and readable by its owner only. */
export function masterKey(given: string | null, dataDir: string): Buffer {
  if (given !== null) return parse(given, 'SWITCHBOARD_MASTER_KEY');
  const file = join(dataDir, 'master.key');
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  try {
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return parse(readFileSync(file, 'utf8').trim(), file);
}

function parse(text: string, where: string): Buffer {
  if (!HEX.test(text)) throw new ConfigError(`${where} must hold 64 hex characters`);
  return Buffer.from(text, 'hex');
}
