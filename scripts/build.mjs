/**
 * Strips the types of src, sdk, bench, demo and config into dist/, file by file and only where dist is older. Types are
 * checked by `npm run check`, not here: a start should not wait for them.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const folders = ['src', 'sdk', 'bench', 'demo', 'config'];

/** Compiles what is stale and removes what has no source any more. Answers how many files were compiled. */
export async function build() {
  const sources = folders.flatMap((folder) => filesUnder(join(root, folder))).filter(isSource);
  const stale = sources.filter((source) => newest(source, join(root, '.swcrc')) > modified(target(source)));
  removeOrphans(new Set(sources.map(target)));
  if (stale.length === 0) return 0;
  const { transform } = await import('@swc/core');
  const options = { ...JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8')), swcrc: false };
  for (const source of stale) await compile(source, transform, options);
  return stale.length;
}

async function compile(source, transform, options) {
  const out = target(source);
  mkdirSync(dirname(out), { recursive: true });
  const { code, map } = await transform(readFileSync(source, 'utf8'), {
    ...options,
    filename: source,
    sourceFileName: relative(dirname(out), source),
    outputPath: out,
  });
  const name = out.split('/').at(-1);
  place(`${out}.map`, map ?? '{}');
  place(out, `${code}\n//# sourceMappingURL=${name}.map\n`);
}

/** Two builds at once must never leave half a file. */
function place(path, text) {
  const making = `${path}.${process.pid}`;
  writeFileSync(making, text);
  renameSync(making, path);
}

function removeOrphans(wanted) {
  for (const folder of folders) {
    for (const file of filesUnder(join(dist, folder))) {
      if (/\.js(\.map)?$/.test(file) && !wanted.has(file.replace(/\.map$/, ''))) rmSync(file, { force: true });
    }
  }
}

function filesUnder(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function isSource(file) {
  return file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.endsWith('.d.ts');
}

function target(source) {
  return join(dist, relative(root, source)).replace(/\.ts$/, '.js');
}

function newest(...files) {
  return Math.max(...files.map(modified));
}

function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const count = await build();
  console.log(count === 0 ? 'dist is up to date' : `built ${count} files`);
}
