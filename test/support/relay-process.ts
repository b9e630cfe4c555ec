import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { transformSync } from '@swc/core';

const SOURCE = new URL('./relay.ts', import.meta.url);
const DIST = new URL('../../dist/src/', import.meta.url).href;

/** `relay.ts` over the built sources, as a script for `node --eval`: nothing is written that another build could remove. */
function script(databaseUrl: string, natsUrl: string): string {
  const { code } = transformSync(readFileSync(SOURCE, 'utf8'), {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  const linked = code.replaceAll(`'../../src/`, `'${DIST}`).replaceAll(`"../../src/`, `"${DIST}`);
  return `${linked}\nstartRelay(${JSON.stringify(databaseUrl)}, ${JSON.stringify(natsUrl)});`;
}

/** A relay as a process of its own, to be killed. It ends with its parent's kill only: keep the handle. */
export function spawnRelay(databaseUrl: string, natsUrl: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '--eval', script(databaseUrl, natsUrl)], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
