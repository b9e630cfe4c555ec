/** `npm run demo`: builds what is stale and tells the story of demo/ on the running server. */
import { build } from './build.mjs';

await build();
await import('../dist/demo/main.js');
