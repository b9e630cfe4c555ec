/**
 * `npm run bench`: our figures beside what the machine can do without us, in turns in one run, with correctness
 * asserted behind the table. Ratios count; absolute figures belong to the machine and the hour.
 */
import { cpus } from 'node:os';
import { checkpoint, loneStatement, pgbench, prepareBaseline } from './baseline.js';
import { controlChanges, endToSubscriber, loneCommand, messages, messageToBot } from './cells.js';
import { assertCorrect } from './correctness.js';
import { Field } from './field.js';
import { median, ratio, shown, type Series } from './figures.js';
import { startBeside, startStand } from './stand.js';
import { wrk } from './wrk.js';
import { freePort } from '../src/platform/process/index.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 3);

const series = new Map<string, Series>();
function note(name: string, unit: string, value: number): void {
  const found = series.get(name) ?? { name, unit, values: [] };
  found.values.push(value);
  series.set(name, found);
}
const get = (name: string): Series => series.get(name)!;

function progress(what: string): void {
  process.stderr.write(`  ${what}\n`);
}

const stand = await startStand();
let accepted = 0;
let cutOff = 0;
try {
  progress('preparing 2,000 conversations and the baseline');
  const field = await Field.lay(stand);
  await prepareBaseline(stand.databaseUrl);
  const barePort = await freePort();
  const bare = await startBeside('bare-fastify.js', String(barePort));

  // A fresh cluster makes and zeroes each log segment while commits wait; a running one writes over old ones.
  progress('filling the write-ahead log once');
  await pgbench(stand.databaseUrl, 10);
  await checkpoint(stand.databaseUrl);

  for (let round = 1; round <= ROUNDS; round++) {
    progress(`round ${round} of ${ROUNDS}`);
    await checkpoint(stand.databaseUrl);
    note('L1 pgbench, one statement, 16 clients', '/s', await pgbench(stand.databaseUrl, SECONDS));
    const fastify = await wrk({
      url: `http://127.0.0.1:${barePort}`,
      paths: field.conversations.map((id) => `/v2/apps/${field.appId}/conversations/${id}/passControl`),
      body: '{"switchboardIntegration":"next"}',
      authorization: field.authorization,
      connections: 64,
      seconds: SECONDS,
    });
    note('L2 bare Fastify with a schema, 64 connections', '/s', fastify.rate);
    note('one lone prepared statement, p50', 'ms', await loneStatement(stand.databaseUrl, SECONDS));
    note('one lone control change, p50', 'ms', await loneCommand(field, SECONDS));
    for (const connections of [1, 16, 64]) {
      await checkpoint(stand.databaseUrl);
      const control = await controlChanges(stand, field, connections, SECONDS);
      note(`control changes, ${connections} connections`, '/s', control.rate);
      note(`control changes, ${connections} connections, p50`, 'ms', control.p50);
      note(`control changes, ${connections} connections, p99`, 'ms', control.p99);
      const posted = await messages(stand, field, connections, SECONDS);
      accepted += posted.requests;
      cutOff += connections;
      note(`messages, ${connections} connections`, '/s', posted.rate);
      note(`messages, ${connections} connections, p50`, 'ms', posted.p50);
      note(`messages, ${connections} connections, p99`, 'ms', posted.p99);
    }
    await checkpoint(stand.databaseUrl);
    const toBot = await messageToBot(field, 200, SECONDS);
    accepted += 200 * SECONDS;
    note('message due to bytes at the bot, 200/s, p50', 'ms', toBot.p50);
    note('message due to bytes at the bot, 200/s, p99', 'ms', toBot.p99);
    const toSubscriber = await endToSubscriber(stand, field, 500, SECONDS);
    note('end due to session.ended at a subscriber, 500/s, p50', 'ms', toSubscriber.p50);
    note('end due to session.ended at a subscriber, 500/s, p99', 'ms', toSubscriber.p99);
  }
  bare.disconnect();
  progress('checking that nothing was lost or out of order');
  const facts = await assertCorrect(stand, accepted, cutOff);
  report(facts, stand.cpu());
  field.close();
} finally {
  await stand.stop();
}

function report(facts: readonly string[], cpu: Record<string, number>): void {
  const l1 = get('L1 pgbench, one statement, 16 clients');
  const lone = get('one lone prepared statement, p50');
  const print = console.log;
  print(`\nMachine: ${cpus().length} x ${cpus()[0]?.model}; Node ${process.version}; ${new Date().toISOString()}`);
  print(`Medians of ${ROUNDS} rounds of ${SECONDS} s (lowest-highest).\n`);
  print('| measure | figure |\n| --- | --- |');
  for (const one of series.values()) print(`| ${one.name} | ${shown(one)} |`);
  print('\n| goal | floor | goal | reached, median of per-round ratios |\n| --- | --- | --- | --- |');
  print(
    `| G1 control changes, 64 connections / L1 | 0.45 | 0.7 | ${ratio(get('control changes, 64 connections'), l1)} |`,
  );
  print(`| G2 messages, 64 connections / L1 | 0.35 | 0.7 | ${ratio(get('messages, 64 connections'), l1)} |`);
  print(`| G4 message to bot p50 / p99, ms | 15 / 60 | 5 / 25 | ${pair('message due to bytes at the bot, 200/s')} |`);
  print(
    `| G5 end to subscriber p50 / p99, ms | 15 / 60 | 5 / 20 | ${pair('end due to session.ended at a subscriber, 500/s')} |`,
  );
  print(`| G6 lone command p50 / lone statement p50 | 4 | 2.5 | ${ratio(get('one lone control change, p50'), lone)} |`);
  print(
    `\nCPU seconds: ${Object.entries(cpu)
      .map(([who, s]) => `${who} ${s.toFixed(1)}`)
      .join(', ')}`,
  );
  print('\nAsserted in the same run:');
  for (const fact of facts) print(`- ${fact}`);
}

function pair(name: string): string {
  return `${median(get(`${name}, p50`).values).toFixed(1)} / ${median(get(`${name}, p99`).values).toFixed(1)}`;
}
