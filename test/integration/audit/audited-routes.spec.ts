import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Db } from '../../../src/platform/postgres/index.js';
import { furnish, idsFor, type Furnished } from '../../support/furnished.js';
import { pathOf } from '../../support/routes.js';
import { rows, type Row } from '../tenancy/authorization.rows.js';
import { openStage, type Caller, type Stage } from '../tenancy/stage.js';
import { unbound } from '../../support/unbound.js';

/**
 * What people say and do in conversations, which has its timeline; what agents do at their desks, which has its events;
 * and users, who are data and no settings.
 */
const notSettings =
  /^\w+ (\/client\/|\/v2\/apps\/:appId\/(users|conversations|sessions|linkRequests)\b|.*\/agents\/:agentId\/(?!keys\b)|.*\/deadLetters\b)/;

const changes = Object.entries(rows).filter(
  ([name, { status }]) => !name.startsWith('GET ') && status < 300 && !notSettings.test(name),
);

let stage: Stage;
const used: Furnished[] = [];
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage.close();
  await Promise.all(used.map((one) => one.close()));
});

let shared: Furnished | null = null;
async function appFor({ once }: Row): Promise<Furnished> {
  if (once === undefined && shared !== null) return shared;
  const own = await furnish(stage, `audited${used.length}`);
  used.push(own);
  if (once === undefined) shared = own;
  return own;
}

async function logged(): Promise<number> {
  const { count } = await unbound(stage.started.app.get(Db))
    .selectFrom('audit_entry')
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Over all routes there are: a room that changes settings behind the log's back fails here. */
it.each(changes)('%s leaves one line in the audit log', async (name, row) => {
  const [method = '', path = ''] = name.split(' ');
  const own = await appFor(row);
  const callers: Readonly<Record<string, Caller>> = {
    account: stage.account,
    app: own.tenant.caller,
    integration: own.bots.faq.caller,
  };
  const caller = row.allow.map((scope) => callers[scope]).find((one) => one !== undefined);
  const before = await logged();
  const { status } = await caller!.send(method, pathOf({ method, path }, idsFor(path, own.ids)), row.body);
  expect([status, (await logged()) - before]).toEqual([row.status, 1]);
});
