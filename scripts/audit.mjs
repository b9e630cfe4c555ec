/**
 * `npm run -s audit -- verify [<app id>[@<number>:<hash>] ...]`: walks the audit logs, of all apps or of those named,
 * deleted ones among them; from an entry whose hash was kept elsewhere where one is given. One line per app, with the
 * number and hash to keep. Exit code 1 when a chain is broken.
 *
 * `npm run -s audit -- export <app id>`: a log as JSON lines.
 *
 * Reads the database of DATABASE_URL, else that of the server that runs on the data directory.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const TARGET = /^([0-9a-f]{24})(?:@(\d{1,15}):([0-9a-f]{64}))?$/;

const [command, ...words] = process.argv.slice(2);
const targets = words.map((word) => TARGET.exec(word));
const asked = command === 'verify' || (command === 'export' && targets.length === 1);
if (!asked || targets.includes(null)) {
  console.error('usage: npm run -s audit -- verify [<app id>[@<number>:<hash>] ...]');
  console.error('       npm run -s audit -- export <app id>');
  process.exit(2);
}

await build();
const { Db } = await import('../dist/src/platform/postgres/db.js');
const { ofApps } = await import('../dist/src/platform/postgres/scope.js');
const { AuditQuery } = await import('../dist/src/audit/audit.query.js');
const { AuditVerification } = await import('../dist/src/audit/audit-verification.js');
const { START } = await import('../dist/src/audit/chain.js');
const { AuditExport } = await import('../dist/src/audit/audit-export.js');
const { ReadTurns } = await import('../dist/src/tenancy/reads/read-turns.js');

const db = new Db(await address(), 1);
/** Sees the log of this app and no other. */
const logOf = (appId) => new AuditQuery({ ...db.within(ofApps([appId])), as: (house) => db.as(house) });
try {
  if (command === 'export') await exported(targets[0][1]);
  else await verified();
} finally {
  await db.close();
}

async function verified() {
  const apps = targets.length > 0 ? targets : (await new AuditQuery(db).apps()).map((id) => [id, id]);
  let broken = 0;
  for (const [, appId, number, hash] of apps) {
    const from = hash === undefined ? START : { number: Number(number), hash: Buffer.from(hash, 'hex') };
    const { to, broken: fault } = await new AuditVerification(logOf(appId)).walk(appId, from);
    const walked = `${to.number - from.number} entries`;
    if (fault === null) console.log(`ok      ${appId} ${walked}, last ${to.number}:${to.hash.toString('hex')}`);
    else console.log(`BROKEN  ${appId} at ${fault.number}: ${fault.reason}, after ${walked} that hold`);
    if (fault !== null) broken += 1;
  }
  if (broken > 0) process.exitCode = 1;
}

async function exported(appId) {
  await pipeline(new AuditExport(logOf(appId), new ReadTurns()).lines(appId), process.stdout, { end: false });
}

/** A server that does not run is not started: whoever owns the data directory does that. */
async function address() {
  const { DATABASE_URL, DATABASE_URL_FILE, SWITCHBOARD_DATA_DIR } = process.env;
  if (DATABASE_URL) return DATABASE_URL;
  if (DATABASE_URL_FILE) return readFileSync(DATABASE_URL_FILE, 'utf8').trim();
  const { embeddedCluster } = await import('../dist/src/platform/postgres/embedded/index.js');
  const dataDir = SWITCHBOARD_DATA_DIR ? resolve(SWITCHBOARD_DATA_DIR) : join(root, 'data');
  const cluster = embeddedCluster(dataDir, console.error);
  if (cluster.pid === null) {
    console.error(`no server runs on ${dataDir}: start it, or say DATABASE_URL`);
    process.exit(2);
  }
  await cluster.start();
  return cluster.url();
}
