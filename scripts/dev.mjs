/**
 * `npm run dev`: runs the server as `npm start` does, and again whenever a source has changed. A source that does not
 * compile is told, and the server that runs goes on; one that ended by itself is started with the next change. Ctrl-C
 * ends both.
 */
import { watch } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { serve } from './serve.mjs';
import { root, script, setUpServer } from './setup.mjs';

const FOLDERS = ['src', 'sdk', 'demo', 'config'];
/** An editor writes a file in several steps, and git many files at once. */
const SETTLE_MS = 150;

await script(async () => {
  const node = await setUpServer();
  const leaving = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve('leave'));
  });
  const changes = compiledChanges();
  for (;;) {
    const restart = new AbortController();
    const server = serve(node, [join(root, 'dist', 'src', 'main.js'), ...process.argv.slice(2)], restart.signal);
    const next = await Promise.race([leaving, changes.next()]);
    restart.abort();
    const code = await server;
    if (next === 'leave') {
      changes.close();
      return code;
    }
    console.log('a source has changed: the server starts again');
  }
});

/** What is wrong and where; behind it stands what the compiler did inside. */
function firstLines({ message }) {
  return message.split('Caused by')[0].trim();
}

/** Answers `next()`: the promise of the next change that was compiled. */
function compiledChanges() {
  let tell = null;
  let settling = null;
  const compile = async () => {
    const count = await build().catch((error) => console.error(`not compiled: ${firstLines(error)}`));
    if (count > 0) tell?.();
  };
  const settle = () => {
    clearTimeout(settling);
    settling = setTimeout(compile, SETTLE_MS);
  };
  const watchers = FOLDERS.map((folder) => watch(join(root, folder), { recursive: true }, settle));
  return {
    next: () => new Promise((resolve) => (tell = resolve)),
    close: () => watchers.forEach((watcher) => watcher.close()),
  };
}
