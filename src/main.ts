import { run } from './run.js';

run().catch((error: unknown) => {
  process.stderr.write(`switchboard cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
