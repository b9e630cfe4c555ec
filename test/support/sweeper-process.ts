import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { transformSync } from '@swc/core';

const DIST = new URL('../../dist/src/', import.meta.url).href;

/** `sweeper.ts` over the built sources as a process of its own, to be killed: keep the handle. */
export const spawnSweeper = (databaseUrl: string): ChildProcess => spawnOn(databaseUrl, './sweeper.ts', 'startSweeper');

/** The same of `surveyor.ts`. */
export const spawnSurveyor = (databaseUrl: string): ChildProcess =>
  spawnOn(databaseUrl, './surveyor.ts', 'startSurveyor');

/** The same of `remover.ts`. */
export const spawnRemover = (databaseUrl: string): ChildProcess => spawnOn(databaseUrl, './remover.ts', 'startRemover');

/** The same of `leaver.ts`. */
export const spawnLeaver = (databaseUrl: string, ...more: readonly unknown[]): ChildProcess =>
  spawnOn(databaseUrl, './leaver.ts', 'startLeaver', more);

function spawnOn(databaseUrl: string, source: string, start: string, more: readonly unknown[] = []): ChildProcess {
  const { code } = transformSync(readFileSync(new URL(source, import.meta.url), 'utf8'), {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  const linked = code.replaceAll(/(['"])\.\.\/\.\.\/src\//g, `$1${DIST}`);
  const script = `${linked}\n${start}(${[databaseUrl, ...more].map((one) => JSON.stringify(one)).join()});`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
