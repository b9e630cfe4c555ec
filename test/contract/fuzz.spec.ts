import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { Db } from '../../src/platform/postgres/index.js';
import { statuses } from '../../src/platform/http/index.js';
import { basic, made, openStage, type Stage } from '../integration/tenancy/stage.js';
import { furnish, idsFor, type Furnished } from '../support/furnished.js';
import { servedRoutes, type ServedRoute } from '../support/routes.js';
import { until } from '../support/until.js';
import { operationsOf } from './fuzz/operations.js';
import { requests, type Wild } from './fuzz/requests.js';
import { Sender, type Answered, type Sent } from './fuzz/sender.js';
import { bookkeeping, isSettled } from './fuzz/bookkeeping.js';

/**
 * Whatever is sent to whichever operation, the answer is one of the documented ones (S4 of `docs/invariants.md`). The
 * default run is the same every time; `FUZZ_RUNS=250000 FUZZ_SEED=<n>` goes deep. A failure tells the seed, the path to
 * the shrunk request, and the request itself as it was sent.
 */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 4_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_301);

/** Of how many requests one is looked at from the database's side too. */
const LOOKED_AT = 6;

let stage: Stage;
let routes: readonly ServedRoute[] = [];
let own: Furnished;
let other: Furnished;
let sender: Sender;
let sql: Client;
const used: Furnished[] = [];

beforeAll(async () => {
  stage = await openStage({
    prepare: (app) => {
      routes = servedRoutes(app);
    },
  });
  sender = new Sender(stage.started.url);
  sql = new Client(stage.started.app.get(Db).url);
  await sql.connect();
  other = await refill();
  own = await refill();
});
afterAll(async () => {
  sender.close();
  await sql.end();
  await stage.close();
  await Promise.all(used.map((one) => one.close()));
});

let serial = 0;
async function refill(): Promise<Furnished> {
  const furnished = await furnish(stage, `fuzz${(serial += 1)}`);
  used.push(furnished);
  return { ...furnished, ids: { ...furnished.ids, removalId: await removalIn(furnished) } };
}

/** Something was deleted in this app, and can be asked about. */
async function removalIn({ tenant: { caller, path } }: Furnished): Promise<string> {
  const { queue } = made(await caller.post(`${path}/queues`, { name: 'gone' }));
  await caller.delete(`${path}/queues/${queue.id}`);
  return (await caller.get(`${path}/removals`)).body.removals[0].id;
}

async function credentials(by: Wild['by']): Promise<string | null> {
  switch (by) {
    case 'nobody':
      return null;
    case 'account':
      return basic(stage.started.accountKey);
    case 'app':
      return basic(own.tenant.key);
    case 'integration':
      return basic(own.bots.faq.key);
    case 'agent':
      return basic(own.agents.admin.key);
    case 'user':
      return `Bearer ${await own.token(own.ids['externalId'] ?? '')}`;
  }
}

/** The request with the ids of the app under test in it. */
async function sentAs({ operation, path, body, headers, by }: Wild): Promise<Sent> {
  const ids: Record<string, string> = { ...idsFor(operation.path, own.ids), otherAppId: other.tenant.id };
  const fill = (text: string): string => text.replace(/@(\w+)/g, (whole, name: string) => ids[name] ?? whole);
  const authorization = await credentials(by);
  return {
    method: operation.method,
    path: fill(path),
    headers: { ...(authorization !== null && { authorization }), ...headers },
    // Bytes that are no text stay as they are.
    body: body === null || !body.includes('@') ? body : Buffer.from(fill(body.toString('latin1')), 'latin1'),
  };
}

const JSON_TYPE = 'application/json';

/** Exports are files; everything else, and every refusal, is JSON. */
const exported: Readonly<Record<string, string>> = { surveys: 'text/csv', audit: 'application/x-ndjson' };

function typeOf({ path }: Wild['operation']): string {
  const [, what = ''] = /\/(\w+)\/export$/.exec(path) ?? [];
  return exported[what] ?? JSON_TYPE;
}

/** What is wrong with an answer; `null`: nothing. */
function faultOf({ operation }: Wild, { status, type, text, ms }: Answered): string | null {
  if (status >= 500) return 'a fault of ours';
  if (!type.startsWith(status < 400 ? typeOf(operation) : JSON_TYPE)) return `answered as "${type}"`;
  if (ms > 5_000) return `answered after ${Math.round(ms)} ms`;
  if (status < 400) {
    if (operation.documented.length > 0 && !operation.documented.includes(status)) return 'not a documented success';
    return status === 200 || status === 201 ? null : 'not a success of ours';
  }
  const { errors } = JSON.parse(text) as { errors?: { code: unknown; title: unknown }[] };
  if (!Array.isArray(errors) || errors.length === 0) return 'no list of errors';
  for (const { code, title } of errors) {
    if (typeof code !== 'string' || typeof title !== 'string' || title === '') return 'an error without code and title';
    if (statuses[code as keyof typeof statuses] !== status) return `${code} is not a ${status}`;
    if (/node_modules|\.[jt]s:\d|\bSELECT\b|pg_|violates|undefined|\[object/.test(title)) return 'tells of its inside';
  }
  return errors.length > 1 && status !== 400 ? 'several errors, but not a 400' : null;
}

function told({ method, path, headers, body }: Sent, answer: Answered | Error, fault: string): Error {
  const answered = answer instanceof Error ? answer.message : `${answer.status} ${answer.text.slice(0, 600)}`;
  const bytes = body === null ? '' : body.toString('utf8').slice(0, 2_000);
  const { authorization, ...shown } = headers;
  const by = authorization?.split(' ')[0] ?? 'nobody';
  return new Error(
    `${fault}\n${method} ${path.slice(0, 400)} by ${by} ${JSON.stringify(shown)}\n${bytes}\n=> ${answered}`,
  );
}

/** Whether a refused request left a trace. Timers of earlier requests may fire in between, so it is tried twice. */
async function leftTrace(sent: Sent): Promise<boolean> {
  const apps = [own.tenant.id, other.tenant.id];
  await until(() => isSettled(sql, apps), { what: 'what was deleted to be settled' });
  for (let tries = 0; tries < 2; tries += 1) {
    const before = await bookkeeping(sql, apps);
    const { status } = await sender.send(sent);
    if (status < 400) return false;
    compared += 1;
    if ((await bookkeeping(sql, apps)) === before) return false;
  }
  return true;
}

const tally = new Map<string, Map<number, number>>();
let asked = 0;
let compared = 0;

async function attempt(wild: Wild): Promise<void> {
  const sent = await sentAs(wild);
  const answer = await sender.send(sent).catch((error: Error) => {
    throw told(sent, error, 'no answer');
  });
  const name = `${wild.operation.method} ${wild.operation.path}`;
  const counts = tally.get(name) ?? new Map<number, number>();
  tally.set(name, counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1));
  const fault = faultOf(wild, answer);
  if (fault !== null) throw told(sent, answer, fault);
  asked += 1;
  if (answer.status >= 400 && asked % LOOKED_AT === 0 && (await leftTrace(sent)))
    throw told(sent, answer, 'refused, and yet something changed');
  if (answer.status === 200 && (asked % 500 === 0 || spends(wild))) own = await refill();
}

/** After it, something that other requests are about is gone. */
function spends({ operation: { method, path } }: Wild): boolean {
  return (method === 'DELETE' && !/messages|personalinformation/.test(path)) || path.endsWith('/end');
}

describe('any request', () => {
  it(
    'is answered as documented, and leaves nothing half done',
    async () => {
      const operations = operationsOf(routes);
      expect(operations.length).toBeGreaterThan(60);
      const delay = monitorEventLoopDelay({ resolution: 10 });
      delay.enable();
      await fc.assert(fc.asyncProperty(requests(operations), attempt), {
        numRuns: RUNS,
        seed: SEED,
      });
      delay.disable();
      // Every operation was reached behind its guards, and most did what they are for.
      const done = [...tally].filter(([, counts]) => [...counts.keys()].some((status) => status < 400));
      expect(tally.size).toBe(operations.length);
      expect(done.length).toBeGreaterThan(operations.length * 0.7);
      expect(compared).toBeGreaterThan(RUNS / LOOKED_AT / 2);
      expect(delay.percentile(99) / 1e6).toBeLessThan(250);
      expect((await stage.as(null).get('/health/live')).status).toBe(200);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      await refill();
    },
    RUNS * 60 + 60_000,
  );
});
