/**
 * `npm run guards [-- E-7 T33 ...]`: disables the guard of every row in turn (test/sessions/guards) and expects a test
 * that names the row to run and fail; undisturbed it must pass. The tree is not touched: each guard is a Jest project
 * of its own whose transform makes the edit. What seems not to bite is tried a second time, alone: a test that a busy
 * machine made late bites then, one that nothing disturbs passes again. Ends with `N of N guards bite`; exit code 1 when
 * one does not.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCLI } from 'jest';
import { guards } from '../test/sessions/guards/index.mjs';
import { idsOf, rowFaults } from './session-rows.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const jestConfig = createRequire(import.meta.url)(join(root, 'jest.config.cjs'));
const asked = process.argv.slice(2);
const MOST_SPECS_TRIED_AGAIN = 3;
/** Half of the tests are run in order to fail, many by waiting in vain. */
process.env['SWITCHBOARD_TEST_PATIENCE_MS'] ??= '6000';

/** Every spec as it is, then each guard disabled. */
function runsOf(chosen) {
  const specs = Map.groupBy(chosen, ({ spec }) => spec);
  const undisturbed = [...specs].map(([spec, [{ project }]]) => ({ spec, project, rows: rowsOf(specs.get(spec)) }));
  const disturbed = chosen.map((guard) => ({ spec: guard.spec, project: guard.project, rows: [guard.row], guard }));
  return [...undisturbed, ...disturbed].map((run, at) => ({ ...run, name: `${at}` }));
}

const rowsOf = (some) => [...new Set(some.map(({ row }) => row))];

function projectOf({ name, spec, project, rows, guard }) {
  const usual = jestConfig.projects.find(({ displayName }) => displayName === project);
  const [, swc] = Object.values(usual.transform)[0];
  return {
    ...usual,
    displayName: name,
    rootDir: root,
    roots: ['src', 'sdk', 'test'].map((folder) => join(root, folder)),
    testMatch: [join(root, spec)],
    testEnvironment: join(root, 'test/sessions/row-environment.cjs'),
    testEnvironmentOptions: { rows },
    transform: { '^.+\\.ts$': [join(root, 'test/sessions/mutant-transform.cjs'), { swc, edits: guard?.edits ?? [] }] },
  };
}

/** Runs them all in one Jest; `finished` hears of each spec file as it comes. */
async function inOneJest(runs, finished) {
  const byName = new Map(runs.map((run) => [run.name, run]));
  globalThis.switchboardGuardResult = (name, result) => finished(byName.get(name), result);
  const config = {
    ...jestConfig,
    rootDir: root,
    projects: runs.map(projectOf),
    reporters: [join(root, 'test/sessions/collect-reporter.cjs')],
    watchman: false,
    // Under load a server spec takes its time; that is not what is asked here.
    testTimeout: 90_000,
  };
  await runCLI({ config: JSON.stringify(config), silent: true, _: [], $0: 'guards' }, [root]);
}

/** Undisturbed, every test of the row passes. */
function whyNotPassing(row, result) {
  const { crash, ran } = testsOf(row, result);
  if (crash) return crash;
  const failed = ran.find(({ status }) => status === 'failed');
  if (failed) return `its test fails with the guard in place: ${failed.failureMessages[0]?.split('\n')[0]}`;
  return ran.length > 0 ? null : 'no test that names the row ran';
}

/** Disabled, one of them fails. A spec that cannot even be loaded has not noticed anything. */
function whyNotBitten(row, result) {
  const { crash, ran } = testsOf(row, result);
  if (crash) return `with the edit ${crash}`;
  if (ran.some(({ status }) => status === 'failed')) return null;
  return ran.length > 0 ? 'its test passes all the same' : 'no test that names the row ran';
}

function testsOf(row, result) {
  if (result === undefined) return { crash: 'its spec did not run' };
  const { testExecError, testResults } = result;
  if (testExecError) return { crash: `its spec cannot be loaded: ${testExecError.message?.split('\n')[0]}` };
  const named = testResults.filter(({ title }) => idsOf(title).includes(row));
  return { ran: named.filter(({ status }) => status === 'passed' || status === 'failed') };
}

/** Edits that no test can notice, and that no spec survives: taken for a guard that bites, this check is worthless. */
const plants = [
  { off: 'nothing', replace: 'export function patchedSettings' },
  { off: 'everything', replace: 'export const patched = ; function' },
].map(({ off, replace }) => ({
  row: 'E-3',
  off,
  spec: 'src/tenancy/apps/settings.spec.ts',
  project: 'unit',
  edits: [{ file: 'src/tenancy/apps/settings.ts', find: 'export function patchedSettings', replace }],
}));

async function main() {
  const since = performance.now();
  const chosen = asked.length === 0 ? guards : guards.filter(({ row }) => asked.includes(row));
  const first = await faultsOf([...chosen, ...plants]);
  const again = chosen.filter((guard) => first.some((fault) => fault.guard === guard));
  const few = new Set(again.map(({ spec }) => spec)).size <= MOST_SPECS_TRIED_AGAIN;
  const faults = few && again.length > 0 ? await faultsOf([...again, ...plants]) : first;
  for (const { guard, why } of faults) console.error(`${guard.row} without ${guard.off} (${guard.spec}): ${why}`);
  const seconds = Math.round((performance.now() - since) / 1000);
  const bite = chosen.length - new Set(faults.map(({ guard }) => guard)).size;
  console.log(`${bite} of ${chosen.length} guards bite, ${rowsOf(chosen).length} rows, ${seconds} s`);
  return faults.length === 0 && chosen.length > 0 ? 0 : 1;
}

/** What is wrong with these guards, each disabled in turn. */
async function faultsOf(some) {
  const runs = runsOf(some);
  const undisturbed = new Map();
  const disturbed = new Map();
  await inOneJest(runs, ({ spec, guard }, result) => {
    if (guard) disturbed.set(guard, result);
    else undisturbed.set(spec, result);
    const fault = guard ? whyNotBitten(guard.row, result) : null;
    const at = `${String(undisturbed.size + disturbed.size).padStart(4)}/${runs.length}`;
    const outcome = fault ? (plants.includes(guard) ? 'planted' : 'MISSED ') : 'bites  ';
    console.log(guard ? `${at} ${outcome} ${guard.row}: ${guard.off}` : `${at} undisturbed ${spec}`);
  });

  return some.flatMap((guard) => {
    const bitten = whyNotBitten(guard.row, disturbed.get(guard));
    if (plants.includes(guard)) return bitten === null ? [{ guard, why: 'was taken for a guard' }] : [];
    const why = whyNotPassing(guard.row, undisturbed.get(guard.spec)) ?? bitten;
    return why === null ? [] : [{ guard, why }];
  });
}

const wrong = asked.length === 0 ? rowFaults() : [];
for (const fault of wrong) console.error(fault);
process.exitCode = Math.max(await main(), wrong.length > 0 ? 1 : 0);
