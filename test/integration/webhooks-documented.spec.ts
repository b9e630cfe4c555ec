import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/platform/ids.js';
import { Sender, type Endpoint } from '../../src/webhooks/sending/sender.js';
import { TargetGuard } from '../../src/webhooks/sending/target-guard.js';
import { until } from '../support/until.js';

const [OLD, NEW, OTHER] = ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)] as const;
const LISTENS = "listen(9000, '127.0.0.1')";

/** The receiver in docs/webhooks.md, run as it stands there but for its port. */
describe('the documented receiver', () => {
  const sender = new Sender({ timeoutMs: 5_000 }, new TargetGuard(['127.0.0.0/8']), Date.now);
  let directory: string;
  let port: number;
  let running: ChildProcess | null = null;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'switchboard-receiver-'));
    port = await freePort();
    const code = /```js\n(\/\/ node receiver\.mjs[^]*?)```/.exec(readFileSync('docs/webhooks.md', 'utf8'))?.[1] ?? '';
    expect(code).toContain(LISTENS);
    writeFileSync(join(directory, 'receiver.mjs'), code.replace(LISTENS, `listen(${port}, '127.0.0.1')`));
  });
  afterEach(() => {
    running?.kill();
    running = null;
  });
  afterAll(async () => {
    await sender.close();
    rmSync(directory, { recursive: true });
  });

  async function start(secret: string): Promise<void> {
    const env = { ...process.env, WEBHOOK_SECRET: secret };
    running = spawn(process.execPath, [join(directory, 'receiver.mjs')], { env, stdio: 'ignore' });
    const answers = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/`)).status === 401;
    await until(answers, { what: 'the receiver to listen' });
  }

  const send = (endpoint: Omit<Endpoint, 'target'>) => {
    const id = newId();
    const body = JSON.stringify({ events: [{ id, type: 'conversation:message', payload: {} }] });
    return sender.send({ ...endpoint, target: `http://127.0.0.1:${port}/` }, { eventId: id, body });
  };

  it.each([
    ['the old', OLD, 200],
    ['the new', NEW, 200],
    ['neither', OTHER, 401],
  ] as const)('that knows %s secret answers what both signed as it should', async (_which, secret, status) => {
    await start(secret);
    expect(await send({ secret: NEW, oldSecrets: [OLD] })).toMatchObject({ kind: 'answered', status });
  });

  it('takes what is signed once, and nothing else', async () => {
    await start(NEW);
    expect(await send({ secret: NEW })).toMatchObject({ status: 200 });
    expect(await send({ secret: OLD })).toMatchObject({ status: 401 });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
