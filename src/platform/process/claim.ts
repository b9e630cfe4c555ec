import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Somebody else lives there: says who and what to do. */
export class ClaimedError extends Error {
  override readonly name = 'ClaimedError';
}

/**
 * Claims something for this process by a file: two processes on one data directory would each stop the servers of the
 * other. A claim whose process died, also by `kill -9`, counts no more. Answers how to give it back.
 */
export function claim(file: string, what: string): () => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
  const mine = identity(process.pid) ?? String(process.pid);
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    if (written(file, mine)) return () => rmSync(file, { force: true });
    const owner = holder(file);
    if (owner !== null && owner !== mine && identity(Number(owner.split(' ')[0])) === owner)
      throw new ClaimedError(
        `${what} is in use by process ${owner.split(' ')[0]}: stop that one, or set another folder`,
      );
    rmSync(file, { force: true });
  }
  throw new ClaimedError(`${what} is in use: ${file} cannot be written`);
}

function written(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function holder(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** A pid with its start, since pids are used again; `null` when no such process lives. */
function identity(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  try {
    // Field 22 of /proc/<pid>/stat, counted behind the name in parentheses, which may hold spaces.
    const started = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
    return `${pid} ${started}`;
  } catch {
    return `${pid}`;
  }
}
