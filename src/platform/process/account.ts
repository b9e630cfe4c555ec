import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A user of the machine that a program runs as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. Root lends it the account `postgres` where the machine has one, else `nobody`;
 * everyone else runs it themselves (`null`).
 */
export function unprivilegedAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readAccounts();
  const account = accounts.get('postgres') ?? accounts.get('nobody');
  if (account === undefined)
    throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody');
  return account;
}

function readAccounts(): ReadonlyMap<string, Account> {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return new Map(
    lines
      .map((line) => line.split(':'))
      .filter((fields) => fields.length >= 4)
      .map(([name = '', , uid, gid]) => [name, { name, uid: Number(uid), gid: Number(gid) }]),
  );
}

/** Whether `account` may run this program; tried, because permissions above it, mounts and ACLs all count. */
export function canRun(account: Account | null, command: string, ...args: readonly string[]): boolean {
  const as = account === null ? {} : { uid: account.uid, gid: account.gid };
  return spawnSync(command, args, { stdio: 'ignore', cwd: '/', env: { PATH: '/usr/bin:/bin' }, ...as }).status === 0;
}

/** Whether `account` may enter this folder. */
export function canEnter(account: Account | null, folder: string): boolean {
  return canRun(account, '/bin/sh', '-c', 'cd "$1"', 'sh', folder);
}
