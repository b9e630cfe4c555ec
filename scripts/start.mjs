/** `npm start`: makes the clone ready, then runs the server until it ends, and ends as it did. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { root, script, setUp } from './setup.mjs';

await script(async () => {
  const given = Boolean(process.env.NATS_URL || process.env.NATS_URL_FILE);
  const node = await setUp({ nats: given ? 'none' : 'wanted' });
  return serve(node, process.argv.slice(2));
});

/**
 * The server leads a process group of its own, so that a Ctrl-C, which the terminal sends to us all and npm sends once
 * more, reaches it exactly once: by us. Should we be killed ourselves, `tether.mjs` sees the channel close and ends it.
 */
function serve(node, args) {
  const tether = join(root, 'scripts', 'tether.mjs');
  const child = spawn(
    node,
    ['--enable-source-maps', '--import', tether, join(root, 'dist', 'src', 'main.js'), ...args],
    {
      detached: true,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  );
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
