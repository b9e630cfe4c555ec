import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../../../dist/src/main.js', import.meta.url));

let somebody: Server;
let dataDir: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'switchboard-taken-'));
  // Root lends PostgreSQL another account, which must be able to enter.
  chmodSync(dataDir, 0o755);
  somebody = createServer().listen(0, '127.0.0.1');
  await once(somebody, 'listening');
});

afterAll(() => {
  somebody.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('says in one line that its port is taken, and leaves no server of its own behind', async () => {
  const { port } = somebody.address() as AddressInfo;
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: String(port),
      SWITCHBOARD_DATA_DIR: dataDir,
      SWITCHBOARD_DEMO: 'off',
      SWITCHBOARD_LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(1);
  expect(said).toBe(`switchboard cannot start: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
  expect(existsSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'))).toBe(true);
  expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
});
