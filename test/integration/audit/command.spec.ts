import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Db } from '../../../src/platform/postgres/index.js';
import { openStage, type Json, type Stage, type Tenant } from '../tenancy/stage.js';
import { unbound } from '../../support/unbound.js';

const root = join(import.meta.dirname, '../../..');

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

function ran(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { PATH: process.env['PATH'], ...env } });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out }));
    child.stdin.end(input);
  });
}

describe('npm run audit', () => {
  let stage: Stage;
  let tenant: Tenant;
  let url: string;
  beforeAll(async () => {
    stage = await openStage();
    tenant = await stage.tenant();
    url = stage.started.app.get(Db).url;
    await tenant.caller.patch(tenant.path, { displayName: 'é😀', metadata: { 10: 1, 9: 0.1, z: 'ü' } });
  });
  afterAll(() => stage.close());

  const audit = (...words: string[]): Promise<Ended> => ran(['scripts/audit.mjs', ...words], { DATABASE_URL: url });

  it('exports a log that the lines of docs/audit.md can check', async () => {
    const { code, out } = await audit('export', tenant.id);
    expect(code).toBe(0);
    const entries: Json[] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const read = await tenant.caller.get(`${tenant.path}/audit`);
    expect(entries).toEqual(read.body.entries);
    expect((await tenant.caller.get(`${tenant.path}/audit/export`)).body).toBe(out);
    const keys = (await tenant.caller.get(`${tenant.path}/audit/export?filter[action]=key.create`)).body;
    expect(keys).toBe(`${out.split('\n')[1]}\n`);
    expect((await tenant.caller.get(`${tenant.path}/audit/export?filter[from]=x`)).status).toBe(400);

    const [, program = ''] = /```js\n(.*?)```/s.exec(readFileSync(join(root, 'docs/audit.md'), 'utf8')) ?? [];
    const check = (lines: string) => ran(['--input-type=module', '-e', program], {}, lines);
    expect(await check(out)).toEqual({ code: 0, out: `the chain holds; last hash ${entries.at(-1).hash}\n` });
    const forged = await check(out.replace('"requestId":null', '"requestId":"x"').replace('tenant', 'forged'));
    expect(forged.out).toContain('is not what was written');
    expect(forged.code).not.toBe(0);
  });

  it('verifies all logs or one, also of an app that is gone, and says where a chain breaks', async () => {
    const gone = await stage.tenant();
    await stage.account.delete(gone.path);
    const all = await audit('verify');
    expect(all.code).toBe(0);
    expect(all.out).toMatch(new RegExp(`ok      ${tenant.id} 3 entries, last 3:[0-9a-f]{64}\n`));
    expect(all.out).toMatch(new RegExp(`ok      ${gone.id} 3 entries, last 3:[0-9a-f]{64}\n`));
    const [, kept = ''] = new RegExp(`${gone.id} 3 entries, last (3:[0-9a-f]{64})`).exec(all.out) ?? [];
    expect((await audit('verify', `${gone.id}@${kept}`)).out).toMatch(`ok      ${gone.id} 0 entries`);
    const wrong = await audit('verify', `${gone.id}@3:${'0'.repeat(64)}`);
    expect(wrong).toEqual({ code: 1, out: `BROKEN  ${gone.id} at 3: altered, after 0 entries that hold\n` });

    await unbound(stage.started.app.get(Db))
      .transaction()
      .execute(async (tx) => {
        await sql`ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays`.execute(tx);
        await sql`UPDATE audit_entry SET key_id = 'app_x' WHERE app_id = ${gone.id} AND number = 2`.execute(tx);
        await sql`ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_stays`.execute(tx);
      });
    const broken = await audit('verify', tenant.id, gone.id);
    expect(broken.code).toBe(1);
    expect(broken.out).toContain(`BROKEN  ${gone.id} at 2: altered, after 1 entries that hold`);
    expect(broken.out).toContain(`ok      ${tenant.id}`);
  });

  it.each([[[]], [['verify', 'x']], [['export']], [['export', '0'.repeat(24), '1'.repeat(24)]], [['erase']]])(
    'refuses %j, and says how it is used',
    async (words) => {
      const { code, out } = await audit(...words);
      expect([code, out.startsWith('usage: npm run -s audit')]).toEqual([2, true]);
    },
  );
});
