/**
 * `npm run demo`: builds what is stale and tells a story on the running server: the one of demo/main.ts, or with
 * `-- sessions` that of agents and their sessions.
 */
import { build } from './build.mjs';

const stories = new Map([
  [undefined, 'main'],
  ['sessions', 'sessions'],
]);
const story = stories.get(process.argv[2]);
if (story === undefined) {
  console.error('usage: npm run demo [-- sessions]');
  process.exit(2);
}
await build();
await import(`../dist/demo/${story}.js`);
