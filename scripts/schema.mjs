/**
 * Writes migrations/schema.sql and src/platform/postgres/tables.ts from the catalogs of a freshly migrated database.
 * `--check` writes nothing and fails when one of them is stale.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
await build();
const { migrate } = await import('../dist/src/platform/postgres/migrator.js');
const { readSchema } = await import('../dist/src/platform/postgres/catalog.js');
const { schemaSql, tablesTs } = await import('../dist/src/platform/postgres/schema-files.js');
const { temporaryCluster } = await import('../dist/src/platform/postgres/embedded/temporary.js');

const schema = await withDatabase(async (cluster) => {
  await migrate(cluster.url(), join(root, 'migrations'));
  const client = await cluster.connect('switchboard');
  try {
    return await readSchema(client);
  } finally {
    await client.end();
  }
});
const stale = [
  ['migrations/schema.sql', schemaSql(schema)],
  ['src/platform/postgres/tables.ts', tablesTs(schema)],
].filter(([file, text]) => read(file) !== text);

if (!process.argv.includes('--check')) {
  for (const [file, text] of stale) writeFileSync(join(root, file), text);
  console.log(stale.length === 0 ? 'schema files are current' : `wrote ${stale.map(([file]) => file).join(' and ')}`);
} else if (stale.length > 0) {
  console.error(`stale: ${stale.map(([file]) => file).join(' and ')}; run npm run schema and commit`);
  process.exit(1);
} else {
  console.log('schema files are current');
}

async function withDatabase(use) {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-schema-'));
  chmodSync(folder, 0o755);
  const cluster = temporaryCluster(folder);
  try {
    await cluster.start();
    return await use(cluster);
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(file) {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return null;
  }
}
