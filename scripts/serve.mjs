import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tether = join(dirname(fileURLToPath(import.meta.url)), 'tether.mjs');

/**
 * The server leads a process group of its own, so that a Ctrl-C, which the terminal sends to us all and npm sends once
 * more, reaches it exactly once: by us. Should we be killed ourselves, `tether.mjs` sees the channel close and ends it.
 */
export function serve(node, args) {
  const child = spawn(node, ['--enable-source-maps', '--import', tether, ...args], {
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  let told = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (told) return;
      told = true;
      child.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
