/**
 * Makes a fresh clone ready: packages, a Node that is new enough, servers of the machine, dist/. Runs on Node 20 with nothing
 * installed, does only what is missing, and says what takes long.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Asked for by NestJS and Kysely; `engines` in package.json says the same. */
const LEAST_NODE = [22, 12];
/** The Node that comes as an npm package where the machine's is older; the packages carry the binary. */
const BUNDLED_NODE = '24.21.0';
/** Programs of the machine, and the Debian packages they come in. */
const NATS_SERVER = { program: 'nats-server', package: 'nats-server' };
/** What tests put between a caller and us, and between us and the database. */
const FOR_TESTS = [
  NATS_SERVER,
  { program: 'nginx', package: 'nginx-light' },
  { program: 'pgbouncer', package: 'pgbouncer' },
  { program: 'openssl', package: 'openssl' },
];
const STAMP = join(root, 'node_modules', '.switchboard-install');

/** Something a person must do first; the message is all there is to say. */
export class SetupError extends Error {}

/**
 * Does what is missing. `nats`: 'wanted' goes on without nats-server, 'needed' stops with the command that installs it,
 * 'none' does not look. `tests` needs what the tests run, too. Answers the Node to run everything with.
 */
export async function setUp({ nats, tests = false }) {
  await packages();
  const node = await newNode();
  if (tests) await programs(FOR_TESTS, true);
  else if (nats !== 'none') await programs([NATS_SERVER], nats === 'needed');
  await run('compiling', node, [join(root, 'scripts', 'build.mjs')], { quiet: true });
  return node;
}

async function packages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (read(STAMP) === wanted) return;
  if (!installedSinceLock()) {
    // No package of ours needs its install script: native parts come as packages, links are made where they are used.
    await run('installing packages (npm ci)', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  }
  writeFileSync(STAMP, wanted);
}

/** Somebody ran npm ci themselves. */
function installedSinceLock() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

async function newNode() {
  // npm ci may just have removed the bundled Node that runs us.
  if (isNew(process.versions.node) && existsSync(process.execPath)) return process.execPath;
  const bundled = join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(bundled)) {
    const platform = `${process.platform}-${process.arch}`;
    if (!['linux-x64', 'linux-arm64'].includes(platform))
      throw new SetupError(
        `Node ${LEAST_NODE.join('.')} or newer is needed, this is ${process.versions.node}: install it`,
      );
    await run(`adding Node ${BUNDLED_NODE} (this machine has ${process.versions.node})`, 'npm', [
      'install',
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `node-${platform}@${BUNDLED_NODE}`,
    ]);
  }
  return bundled;
}

function isNew(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
}

async function programs(wanted, needed) {
  if (missingOf(wanted).length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) await install(missingOf(wanted));
  const missing = missingOf(wanted);
  // Without nats-server the server says so itself, and goes on looking.
  if (missing.length === 0 || !needed) return;
  const names = missing.map(({ program }) => program).join(', ');
  throw new SetupError(
    `${names} ${missing.length > 1 ? 'are' : 'is'} needed. Install: sudo apt-get install -y ${packagesOf(missing)}`,
  );
}

const packagesOf = (missing) => missing.map((one) => one.package).join(' ');

async function install(missing) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const words = ['install', '-y', '--no-install-recommends', ...missing.map((one) => one.package)];
  // A fresh container knows no packages before the first update.
  await run(
    `installing ${packagesOf(missing)} (apt-get)`,
    'sh',
    ['-c', 'apt-get "$@" || { apt-get update && apt-get "$@"; }', 'sh', ...words],
    { env, quiet: true },
  ).catch(() => undefined);
}

function missingOf(wanted) {
  return wanted.filter(({ program }) => !isThere(program));
}

function isThere(program) {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/usr/bin',
  ];
  return folders.some((folder) => folder !== '' && isExecutable(join(folder, program)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs one step. What takes longer than a moment is named, with the seconds it took; what it wrote is shown when it fails. */
async function run(what, command, args, { env = process.env, quiet = false } = {}) {
  const started = Date.now();
  const announce = () => process.stdout.write(`${what} ...\n`);
  const late = quiet ? setTimeout(announce, 700) : void announce();
  const ticking = setInterval(() => process.stdout.write(`  still ${what}, ${seconds(started)} s\n`), 10_000);
  const { code, output } = await finished(spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  clearTimeout(late);
  clearInterval(ticking);
  if (code !== 0) throw new SetupError(`${what} failed:\n${output.trim().split('\n').slice(-20).join('\n')}`);
  if (Date.now() - started > 1_000) process.stdout.write(`  done in ${seconds(started)} s\n`);
}

function finished(child) {
  return new Promise((resolve) => {
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function seconds(since) {
  return Math.round((Date.now() - since) / 1_000);
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** What running the server needs; a NATS from elsewhere needs no nats-server here. Answers Node, as {@link setUp}. */
export function setUpServer() {
  const given = Boolean(process.env.NATS_URL || process.env.NATS_URL_FILE);
  return setUp({ nats: given ? 'none' : 'wanted' });
}

/** Runs `main` of a script; a `SetupError` is one message, not a stack. */
export async function script(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await script(async () => {
    await setUp({ nats: process.argv.includes('--nats=needed') ? 'needed' : 'none' });
    return 0;
  });
}
