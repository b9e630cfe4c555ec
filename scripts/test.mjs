/**
 * `npm test`: makes the clone ready, runs every test, and ends with a plain line `N passed, N failed`. Further
 * arguments go to jest.
 *
 * What failed in a run of everything is read a second time, alone: tests with real servers share two cores with all the
 * others, and the machine with strangers. A test that passes then is named `unsteady`, to be mended. Not so where losing
 * once is the finding ({@link ONCE}), and not when much failed at once.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root, script, setUp } from './setup.mjs';

/** Pure code, and races: neither has a machine to blame. */
const ONCE = /^(?:src|sdk)\/|(?:races|lock-order|takeover|fuzz)\.spec\.ts$/;
const MOST_READ_AGAIN = 4;

await script(async () => {
  const node = await setUp({ nats: 'needed', tests: true });
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-report-'));
  const asked = process.argv.slice(2);
  try {
    const first = await run(node, join(folder, 'first.json'), asked);
    const again = asked.length === 0 ? worthASecondReading(first) : [];
    const second = again.length > 0 ? await run(node, join(folder, 'second.json'), ['--runInBand', ...again]) : null;
    const unsteady = second === null ? [] : first.failed.filter(({ file, name }) => second.passed.has(file + name));
    for (const { file, name } of unsteady) console.log(`unsteady: ${file} > ${name}`);
    const failed = first.failed.length - unsteady.length + (second?.interrupted ? 1 : 0);
    console.log(`${first.count + unsteady.length} passed, ${failed} failed`);
    return failed === 0 && !first.interrupted ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Jest over these arguments: how many passed, and which (file and name as one); what failed. */
async function run(node, report, args) {
  const code = await jest(node, ['--json', `--outputFile=${report}`, ...args]);
  return readReport(report, code);
}

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
function readReport(report, code) {
  const passed = new Set();
  const failed = [];
  let count = 0;
  let files;
  try {
    files = JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    return { count, passed, failed: [{ file: 'jest', name: 'left no report' }], interrupted: true };
  }
  for (const { name: path, status, assertionResults } of files) {
    const file = relative(root, path);
    const lost = assertionResults.filter((test) => test.status === 'failed');
    const won = assertionResults.filter((test) => test.status === 'passed');
    count += won.length;
    for (const test of won) passed.add(file + test.fullName);
    for (const test of lost) failed.push({ file, name: test.fullName });
    if (status === 'failed' && lost.length === 0) failed.push({ file, name: 'could not be run' });
  }
  return { count, passed, failed, interrupted: code !== 0 && failed.length === 0 };
}

function worthASecondReading({ failed, interrupted }) {
  const files = [...new Set(failed.map(({ file }) => file))];
  const excusable = !interrupted && files.length <= MOST_READ_AGAIN && files.every((file) => !ONCE.test(file));
  return excusable ? files : [];
}
