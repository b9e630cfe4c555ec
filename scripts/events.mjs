/**
 * `npm run events -- session.ended`: prints events as they happen, one JSON object a line. Without a name, all of
 * them; a name may end in `*` (`control.*`). NATS is found by NATS_URL, else in the data directory of the running
 * server; it is waited for. `--count=N` ends after N events.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from '@nats-io/transport-node';
import { build } from './build.mjs';

await build();
const { accessIn, wayIn } = await import('../dist/sdk/index.js');

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const NAME = /^(\*|[a-z]+\.(\*|[a-z_]+))$/;

const OPTIONS = { name: 'switchboard events', maxReconnectAttempts: -1, timeout: 2_000 };

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const names = wanted.length === 0 ? ['*'] : wanted;
const count = Number(process.argv.find((argument) => argument.startsWith('--count='))?.slice(8) ?? Infinity);
const wrong = names.find((name) => !NAME.test(name));
if (wrong !== undefined || Number.isNaN(count)) {
  console.error(`usage: npm run events -- [<noun>.<verb> ...] [--count=N]    for example: session.ended`);
  process.exit(2);
}

const connection = await connected();
let left = count;
console.error(`listening on ${connection.getServer()} for ${names.join(', ')}; Ctrl-C ends`);
for (const name of names) {
  connection.subscribe(`switchboard.v1.${name === '*' ? '*.*' : name}.*.*`, { callback: show });
}
process.once('SIGINT', () => connection.close());
process.once('SIGTERM', () => connection.close());
await connection.closed();

function show(error, message) {
  if (error || left <= 0) return;
  left -= 1;
  process.stdout.write(`${message.string()}\n`);
  if (left === 0) void connection.close();
}

async function connected() {
  for (const told = new Set(); ; await pause(500)) {
    const servers = address();
    try {
      if (servers !== null) return await connect({ ...wayIn(servers, accessIn(process.env)), ...OPTIONS });
      tell(told, 'no server runs here yet');
    } catch (error) {
      tell(told, error.message);
    }
  }
}

/** Each reason once, not one line for each attempt. */
function tell(told, reason) {
  if (told.has(reason)) return;
  told.add(reason);
  console.error(`waiting for NATS: ${reason}`);
}

/** Read anew at each attempt: a server that starts later chooses its port then. */
function address() {
  const { NATS_URL, NATS_URL_FILE, SWITCHBOARD_DATA_DIR } = process.env;
  if (NATS_URL) return NATS_URL;
  if (NATS_URL_FILE) return readFileSync(NATS_URL_FILE, 'utf8').trim();
  const file = join(SWITCHBOARD_DATA_DIR ? resolve(SWITCHBOARD_DATA_DIR) : join(root, 'data'), 'nats', 'port');
  return existsSync(file) ? `nats://127.0.0.1:${readFileSync(file, 'utf8').trim()}` : null;
}
