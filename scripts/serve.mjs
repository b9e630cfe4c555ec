import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tether = join(dirname(fileURLToPath(import.meta.url)), 'tether.mjs');

/**
 * The server leads a process group of its own, so that a Ctrl-C, which the terminal sends to us all and npm sends once
 * more, reaches it exactly once: by us. Should we be killed ourselves, `tether.mjs` sees the channel close and ends it.
 * `restart`, when it is aborted, ends the server as SIGTERM does.
 */
export function serve(node, args, restart = new AbortController().signal) {
  const child = spawn(node, ['--enable-source-maps', '--import', tether, ...args], {
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  let told = false;
  const end = (signal) => {
    if (told) return;
    told = true;
    child.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, end);
  restart.addEventListener('abort', () => end('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const one of signals) process.off(one, end);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}
