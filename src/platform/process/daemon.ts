import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account.js';

/** A server program of our own, run beside us. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Who it runs as; `null`: as we do. */
  readonly account: Account | null;
  /** Standard output and error are appended here. */
  readonly logFile: string;
}

/**
 * Starts a program in a session of its own: Ctrl-C in our terminal does not reach it, so it outlives the drain. It sees
 * none of our environment. Answers its pid.
 */
export async function launch(program: Program): Promise<number> {
  const log = openSync(program.logFile, 'a', 0o600);
  try {
    const child = spawn(program.command, program.args, {
      cwd: program.cwd,
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...(program.account === null ? {} : { uid: program.account.uid, gid: program.account.gid }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.on('error', () => undefined);
    child.unref();
    return child.pid as number;
  } finally {
    closeSync(log);
  }
}

/**
 * Whether the process `pid` lives and is ours: its command line names `mark`, such as its data directory. A pid that
 * was given to another program since is nobody's.
 */
export function runs(pid: number, mark: string): boolean {
  if (!exists(pid)) return false;
  if (existsSync(`/proc/${pid}/stat`)) {
    try {
      const state = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0];
      return state !== 'Z' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(mark);
    } catch {
      return false;
    }
  }
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).includes(mark);
  } catch {
    return false;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Reads the pid on the first line of a pid file; `null` when there is none. */
export function readPid(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/** Sends `signal` and waits until the process is gone; after `patienceMs` it is killed. */
export async function end(pid: number, mark: string, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  if (!runs(pid, mark)) return;
  process.kill(pid, signal);
  if (await gone(pid, mark, patienceMs)) return;
  process.kill(pid, 'SIGKILL');
  if (!(await gone(pid, mark, 5_000))) throw new Error(`process ${pid} (${mark}) does not end`);
}

async function gone(pid: number, mark: string, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (runs(pid, mark)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}
