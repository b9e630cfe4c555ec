import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { Config } from '../../src/platform/config/index.js';
import { Log } from '../../src/platform/telemetry/index.js';
import { Db } from '../../src/platform/postgres/index.js';
import { furnish, userToken, type Furnished } from '../support/furnished.js';
import { basic, openStage, type Stage } from './tenancy/stage.js';

/** S8 of `docs/invariants.md`: no secret is seen anywhere but in the one answer that tells it. */
let stage: Stage;
let own: Furnished;
const written: string[] = [];

beforeAll(async () => {
  stage = await openStage({
    prepare: (app) => {
      const config = Object.create(app.get(Config), { logLevel: { value: 'trace' } }) as Config;
      app.useLogger(new Log(config, { write: (line: string) => void written.push(line) }));
    },
  });
  own = await furnish(stage, 'secrets');
});
afterAll(async () => {
  await stage.close();
  await own?.close();
});

/** The secret as it is, and as others would write it. */
const forms = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
];

it('keys, webhook secrets and tokens are in no table, metric, error, event or log line', async () => {
  const token = await userToken(own.tenant.key, { scope: 'app' });
  const secrets = [
    ...own.secrets,
    stage.started.accountKey.secret,
    token,
    basic(own.tenant.key).slice('Basic '.length),
  ];
  const { path } = own.tenant;
  const answers = [
    await stage.as(`Bearer ${token}x`).get(path),
    await stage.as(`Bearer ${token}`).get(`${path}/users/nobody`),
    await stage.as(basic({ ...own.tenant.key, secret: `${own.tenant.key.secret}x` })).get(path),
    await own.tenant.caller.get(`${path}/users?token=${token}`),
    await stage.account.get(`${path}/keys`),
    await own.tenant.caller.get(`${path}/integrations/${own.ids.integrationId}/keys`),
  ];
  new Logger('Secrets').warn({ authorization: basic(own.tenant.key), secret: own.secrets[0] }, 'canary of the log');
  const metrics = await (await fetch(`${stage.started.url}/metrics`)).text();
  const dump = await everyText(stage.started.app.get(Db).url);
  expect(metrics).toContain('switchboard_http_request_seconds');
  expect(dump).toContain('secrets');
  expect(written.join('')).toContain('canary of the log');
  const seen = { answers: JSON.stringify(answers), metrics, dump, logs: written.join('') };
  for (const [where, text] of Object.entries(seen)) {
    for (const secret of secrets) {
      for (const form of forms(secret)) expect([where, text.includes(form)]).toEqual([where, false]);
    }
  }
});

/** Every row of every table as text, binary columns as hex: the outbox, deliveries and kept answers are among them. */
async function everyText(url: string): Promise<string> {
  const sql = new Client(url);
  await sql.connect();
  const { rows: tables } = await sql.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    found.push(...rows.map(({ row }) => row));
  }
  await sql.end();
  return found.join('\n');
}
