import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../support/until.js';

interface Started {
  readonly starter: ChildProcess;
  readonly output: () => string;
}

const groups: number[] = [];

afterEach(() => {
  for (const pid of groups.splice(0)) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Gone, as it should be.
    }
  }
});

/** The starter as leader of a group of its own, as a shell makes it: what Ctrl-C signals. */
async function start(code: number): Promise<Started> {
  const starter = spawn(process.execPath, ['test/support/fixtures/starter.mjs', String(code)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  groups.push(starter.pid as number);
  let text = '';
  starter.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [, server] = await until(() => /ready (\d+)\n/.exec(text), { what: 'the server to be ready' });
  // In a group of its own; should it outlive its starter, it must not outlive the test.
  groups.push(Number(server));
  return { starter, output: () => text };
}

describe('npm start', () => {
  it('passes a Ctrl-C on exactly once, though the terminal and npm both send it, and ends as the server ends', async () => {
    const { starter, output } = await start(7);
    const group = starter.pid as number;
    process.kill(-group, 'SIGINT');
    process.kill(group, 'SIGINT');
    const [code] = await once(starter, 'exit');
    expect(code).toBe(7);
    expect(output()).toContain('seen SIGINT\n');
  });

  it('passes SIGTERM on, and exits 0 when the server does', async () => {
    const { starter, output } = await start(0);
    starter.kill('SIGTERM');
    const [code] = await once(starter, 'exit');
    expect(code).toBe(0);
    expect(output()).toContain('seen SIGTERM\n');
  });

  it('leaves no server behind when it is killed itself: that one drains', async () => {
    const { starter, output } = await start(0);
    starter.kill('SIGKILL');
    await until(() => output().includes('seen SIGTERM\n'), { what: 'the server to drain' });
  });
});
