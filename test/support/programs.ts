import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, closeSync, constants, openSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { unprivilegedAccount } from '../../src/platform/process/index.js';
import { until } from './until.js';

const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/usr/bin'];

/** Where a program of the machine is. `npm test` has brought it, or said how to install it (`scripts/setup.mjs`). */
export function programPath(name: string): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...FOLDERS].filter((folder) => folder !== '');
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (found === undefined) throw new Error(`the tests need ${name}: npm test says how to install it`);
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Program {
  readonly name: string;
  readonly args: readonly string[];
  /** Of its own, and its to write to. */
  readonly folder: string;
  readonly port: number;
}

/** Runs a server of the machine, never as root, and waits until its port answers. Answers how it is stopped. */
export async function startProgram({ name, args, folder, port }: Program): Promise<() => Promise<void>> {
  const account = unprivilegedAccount();
  if (account !== null) chownSync(folder, account.uid, account.gid);
  const logFile = join(folder, `${name}.output`);
  const log = openSync(logFile, 'a');
  const child = spawn(programPath(name), args, {
    cwd: folder,
    stdio: ['ignore', log, log],
    ...(account !== null && { uid: account.uid, gid: account.gid }),
  });
  closeSync(log);
  const exit = once(child, 'exit');
  const answers = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}, see ${logFile}`);
    return connects(port);
  };
  await until(answers, { what: `${name} on port ${port}` });
  return async () => {
    child.kill('SIGTERM');
    await exit;
  };
}

const connects = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
