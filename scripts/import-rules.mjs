/**
 * Checks who imports whom (.dependency-cruiser.cjs), then checks the check: each rule must catch its plant under
 * test/rules/, and as many modules must have been seen as there are.
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { forbidden, options } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));

/** Answers what is wrong, one line each; empty when all is well. */
export async function importFaults() {
  const folders = ['src', 'sdk'];
  const real = await violations(root, folders);
  const planted = await violations(join(root, 'test/rules'), ['src', 'sdk', 'test']);
  const caught = new Set(planted.found.map(({ rule }) => rule.name));
  return [
    ...real.found.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`),
    ...unseen(folders, real.seen),
    ...forbidden
      .filter(({ name }) => !caught.has(name))
      .map(({ name }) => `${name} lets its plant in test/rules through`),
  ];
}

async function violations(baseDir, folders) {
  const { output } = await cruise(folders, { ...options, baseDir, ruleSet: { forbidden }, validate: true }, undefined, {
    tsConfig: extractTSConfig(join(root, 'tsconfig.json')),
  });
  return { found: output.summary.violations, seen: new Set(output.modules.map(({ source }) => source)) };
}

/** A tool that silently skips files would report success. */
function unseen(folders, seen) {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !seen.has(file))
    .map((file) => `${file} was not seen by the import rules`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const faults = await importFaults();
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
