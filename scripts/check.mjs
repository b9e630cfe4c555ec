/**
 * What must hold before every commit, in seconds: format, lint, import rules, references, schema, types, unit tests. One
 * line each with its time; what a failed one said follows. Exit code 1 when one failed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importFaults } from './import-rules.mjs';
import { referenceFaults } from './references.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules/.bin', name);

const short = [
  { name: 'format', run: () => program(bin('oxfmt'), '--check', '.') },
  { name: 'lint', run: () => program(bin('oxlint'), '--ignore-pattern', 'test/rules') },
  { name: 'pure core', run: impuritiesAreCaught },
  { name: 'import rules', run: async () => (await importFaults()).join('\n') },
  { name: 'references', run: async () => referenceFaults().join('\n') },
  { name: 'schema', run: () => program(process.execPath, 'scripts/schema.mjs', '--check') },
  { name: 'session rows', run: () => program(process.execPath, 'scripts/session-rows.mjs', '--check') },
];
const types = { name: 'types', run: () => program(bin('tsc'), '--noEmit', '-p', 'tsconfig.json') };
const unitTests = {
  name: 'unit tests',
  run: () => program(process.execPath, ...jest, '--selectProjects', 'unit', '--silent'),
};

const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];

/** The lint rules of the core must find every line planted for them. */
async function impuritiesAreCaught() {
  const plant = 'test/rules/impure.ts';
  const planted = readFileSync(join(root, plant), 'utf8')
    .split('\n')
    .flatMap((line, at) => (/=> [\w]/.test(line) ? [at + 1] : []));
  const said = await program(bin('oxlint'), '-f', 'unix', plant);
  const missed = planted.filter((line) => !new RegExp(`impure\\.ts:${line}:.*no-restricted-globals`).test(said));
  if (planted.length === 0) return `${plant} plants nothing`;
  return missed.map((line) => `${plant}:${line} was let through`).join('\n');
}

/** What a program said, when it failed; '' when it did not. */
function program(command, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? '' : said || `${command} ended with ${code}`));
  });
}

async function checked({ name, run }) {
  const since = performance.now();
  const fault = await run().catch((error) => error.stack);
  const seconds = ((performance.now() - since) / 1000).toFixed(1).padStart(5);
  console.log(`${fault === '' ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds} s`);
  return { name, fault };
}

/** Two lanes: the short ones one after another beside types; the unit tests take both cores after that. */
const lane = async (list) => {
  const results = [];
  for (const check of list) results.push(await checked(check));
  return results;
};
const results = [...(await Promise.all([lane(short), lane([types])])).flat(), await checked(unitTests)];
const failed = results.filter(({ fault }) => fault !== '');
for (const { name, fault } of failed) console.error(`\n--- ${name}\n${fault.trimEnd()}`);
process.exitCode = failed.length === 0 ? 0 : 1;
