/** `npm run bench`: builds what is stale and measures. Needs wrk and pgbench; it says which package brings each. */
import { build } from './build.mjs';

await build();
await import('../dist/bench/main.js');
