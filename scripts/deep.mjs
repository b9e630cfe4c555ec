/**
 * `npm run deep [-- <word> ...]`: the tests that count, at the larger counts that CI has no time for, one after another;
 * with words, those whose name has one of them. Prints the seed of every run, and at the end a line per run and
 * `N passed, N failed`. What is not begun after 50 minutes is said not to have been, and what still runs after 59 is ended
 * and has failed, so that it ends within the hour.
 *
 * SWITCHBOARD_TEST_SEED repeats a run: the same random moments, the same random lives.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, script, setUp } from './setup.mjs';

const LAST_BEGIN_MS = 50 * 60_000;
const LAST_END_MS = 59 * 60_000;

const CORE = 'src/conversation/core';

/** What is run, and the counts it is told. */
const runs = [
  {
    name: 'random moments',
    spec: 'test/integration/conversation/random-moments.spec.ts',
    counts: { SWITCHBOARD_TEST_MOMENTS: '10000' },
  },
  {
    name: 'take-overs',
    spec: 'test/integration/conversation/takeover.spec.ts',
    counts: { SWITCHBOARD_TEST_TAKEOVERS: '10000' },
  },
  { name: 'random lives', spec: `${CORE}/(life/)?properties.spec.ts`, counts: { SWITCHBOARD_TEST_DEPTH: '20' } },
  {
    name: 'removals',
    spec: 'test/integration/removals/removals-kills.spec.ts',
    counts: { SWITCHBOARD_TEST_REMOVALS: '5000' },
  },
  { name: 'agents', spec: 'src/agents/histories.spec.ts', counts: { SWITCHBOARD_AGENT_HISTORIES: '20000' } },
  {
    name: 'agents under kills',
    spec: 'test/integration/agents/(kills|races).spec.ts',
    counts: { SWITCHBOARD_TEST_AGENT_RACES: '1000' },
  },
  {
    name: 'dispatchers',
    spec: 'test/integration/routing/dispatcher.spec.ts',
    counts: { SWITCHBOARD_TEST_ROUTERS: '500' },
  },
  {
    name: 'fail-overs',
    spec: 'test/integration/fail-over-many.spec.ts',
    counts: { SWITCHBOARD_TEST_FAIL_OVERS: '200' },
  },
  { name: 'chaos', spec: 'test/e2e/chaos.spec.ts', counts: { SWITCHBOARD_TEST_KILLS: '60' } },
  {
    name: 'stream loss',
    spec: 'test/e2e/stream-loss.spec.ts',
    counts: { SWITCHBOARD_TEST_REWINDS: '6', SWITCHBOARD_TEST_WIPES: '3' },
  },
  { name: 'fuzz', spec: 'test/contract/fuzz.spec.ts', counts: { FUZZ_RUNS: '20000' } },
];

await script(async () => {
  const node = await setUp({ nats: 'needed' });
  const asked = process.argv.slice(2);
  const chosen = runs.filter(({ name }) => asked.length === 0 || asked.some((word) => name.includes(word)));
  const since = performance.now();
  const told = [];
  for (const run of chosen) {
    if (performance.now() - since > LAST_BEGIN_MS) told.push({ ...run, outcome: 'not begun: no time left' });
    else told.push(await counted(node, run, LAST_END_MS - (performance.now() - since)));
  }
  for (const { name, outcome } of told) console.log(`${name.padEnd(20)} ${outcome}`);
  const failed = told.filter(({ outcome }) => !outcome.startsWith('holds'));
  console.log(`${told.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 && told.length > 0 ? 0 : 1;
});

async function counted(node, run, withinMs) {
  const seed = process.env['SWITCHBOARD_TEST_SEED'] ?? `${Math.floor(Math.random() * 1_000_000)}`;
  const counts = Object.entries(run.counts).map(([count, value]) => `${count}=${value}`);
  console.log(`\n${run.name}: ${counts.join(' ')} SWITCHBOARD_TEST_SEED=${seed}`);
  const since = performance.now();
  const code = await jest(node, run.spec, { ...run.counts, SWITCHBOARD_TEST_SEED: seed, FUZZ_SEED: seed }, withinMs);
  const took = `${Math.round((performance.now() - since) / 1000)} s, seed ${seed}`;
  return { ...run, outcome: code === 0 ? `holds, ${took}` : `FAILS, ${took}` };
}

function jest(node, spec, counts, withinMs) {
  const bin = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = ['--experimental-vm-modules', '--no-warnings', bin, '--runInBand', '--testPathPatterns', spec];
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...counts } });
  const late = setTimeout(() => child.kill(), withinMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(late);
      resolve(code ?? 1);
    });
  });
}
