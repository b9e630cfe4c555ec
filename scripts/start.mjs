/** `npm start`: makes the clone ready, then runs the server until it ends, and ends as it did. */
import { join } from 'node:path';
import { serve } from './serve.mjs';
import { root, script, setUp } from './setup.mjs';

await script(async () => {
  const given = Boolean(process.env.NATS_URL || process.env.NATS_URL_FILE);
  const node = await setUp({ nats: given ? 'none' : 'wanted' });
  return serve(node, [join(root, 'dist', 'src', 'main.js'), ...process.argv.slice(2)]);
});
