/**
 * `npm test`: makes the clone ready, runs every test, and ends with a plain line `N passed, N failed`. Further
 * arguments go to jest.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, script, setUp } from './setup.mjs';

await script(async () => {
  const node = await setUp({ nats: 'needed' });
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-report-'));
  try {
    const report = join(folder, 'report.json');
    const code = await jest(node, ['--json', `--outputFile=${report}`, ...process.argv.slice(2)]);
    const { passed, failed } = count(report);
    console.log(`${passed} passed, ${failed} failed`);
    return code === 0 && failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** `--json` sends the report to a file, and to our standard output what a person reads comes by standard error. */
function jest(node, args) {
  const bin = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(node, ['--experimental-vm-modules', '--no-warnings', bin, ...args], {
    cwd: root,
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** A spec file that could not even be loaded has failed, though none of its tests did; so has a run without a report. */
function count(report) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const unloaded = testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
    );
    return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
