/** `npm start`: makes the clone ready, then runs the server until it ends, and ends as it did. */
import { join } from 'node:path';
import { serve } from './serve.mjs';
import { root, script, setUpServer } from './setup.mjs';

await script(async () => {
  const node = await setUpServer();
  return serve(node, [join(root, 'dist', 'src', 'main.js'), ...process.argv.slice(2)]);
});
