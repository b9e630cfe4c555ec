/**
 * Makes a fresh clone ready: packages, a Node that is new enough, nats-server, dist/. Runs on Node 20 with nothing
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
const INSTALL_NATS = 'sudo apt-get install -y nats-server';
const STAMP = join(root, 'node_modules', '.switchboard-install');

/** Something a person must do first; the message is all there is to say. */
export class SetupError extends Error {}

/**
 * Does what is missing. `nats`: 'wanted' goes on without nats-server, 'needed' stops with the command that installs it,
 * 'none' does not look. Answers the Node to run everything with.
 */
export async function setUp({ nats }) {
  await packages();
  const node = await newNode();
  if (nats !== 'none') await natsServer(nats === 'needed');
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

async function natsServer(needed) {
  if (findNatsServer()) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['install', '-y', '--no-install-recommends', 'nats-server'];
    // A fresh container knows no packages before the first update.
    await run(
      'installing nats-server (apt-get)',
      'sh',
      ['-c', 'apt-get "$@" || { apt-get update && apt-get "$@"; }', 'sh', ...install],
      {
        env,
        quiet: true,
      },
    ).catch(() => undefined);
  }
  if (findNatsServer()) return;
  if (needed) throw new SetupError(`nats-server is needed. Install it: ${INSTALL_NATS}`);
  // The server says so itself, and goes on looking.
}

function findNatsServer() {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/usr/bin',
  ];
  return folders.some((folder) => folder !== '' && isExecutable(join(folder, 'nats-server')));
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
