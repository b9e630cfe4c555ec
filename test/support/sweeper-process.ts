import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { transformSync } from '@swc/core';

const SOURCE = new URL('./sweeper.ts', import.meta.url);
const DIST = new URL('../../dist/src/', import.meta.url).href;

/** `sweeper.ts` over the built sources as a process of its own, to be killed: keep the handle. */
export function spawnSweeper(databaseUrl: string): ChildProcess {
  const { code } = transformSync(readFileSync(SOURCE, 'utf8'), {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  const linked = code.replaceAll(/(['"])\.\.\/\.\.\/src\//g, `$1${DIST}`);
  const script = `${linked}\nstartSweeper(${JSON.stringify(databaseUrl)});`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
