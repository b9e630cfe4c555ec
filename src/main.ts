import { withCauses } from './platform/telemetry/index.js';
import { run } from './run.js';

run().catch((error: unknown) => {
  process.stderr.write(`switchboard cannot start: ${withCauses(error)}\n`);
  process.exit(1);
});
