import { checkpoint, loneStatement, pgbench } from './baseline.js';
import { controlChanges, endToSubscriber, loneCommand, messages, messageToBot } from './cells.js';
import type { Sent } from './correctness.js';
import { progress, type Run } from './run.js';
import { startBeside } from './stand.js';
import { wrk } from './wrk.js';
import { freePort } from '../src/platform/process/index.js';

const L1 = 'L1 pgbench, one statement, 16 clients';
const LONE = 'one lone prepared statement, p50';
const LONE_CHANGE = 'one lone control change, p50';
const TO_BOT = 'message due to bytes at the bot, 200/s';
const TO_SUBSCRIBER = 'end due to session.ended at a subscriber, 500/s';

/** G1, G2 and G4 to G6: control changes, messages and ends over HTTP. Answers what is to be asserted of the messages. */
export async function hotCells(run: Run): Promise<Sent> {
  const { board, stand, field, rounds, seconds } = run;
  const barePort = await freePort();
  const bare = await startBeside('bare-fastify.js', String(barePort));
  let [acceptedMessages, cutOff] = [0, 0];
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`);
    await checkpoint(stand.databaseUrl);
    board.note(L1, '/s', await pgbench(stand.databaseUrl, seconds));
    board.note('L2 bare Fastify with a schema, 64 connections', '/s', await bareFastify(run, barePort));
    board.note(LONE, 'ms', await loneStatement(stand.databaseUrl, seconds));
    board.note(LONE_CHANGE, 'ms', await loneCommand(field, seconds));
    for (const connections of [1, 16, 64]) {
      acceptedMessages += await closedLoops(run, connections);
      cutOff += connections;
    }
    await checkpoint(stand.databaseUrl);
    latency(run, TO_BOT, await messageToBot(field, 200, seconds));
    acceptedMessages += 200 * seconds;
    latency(run, TO_SUBSCRIBER, await endToSubscriber(stand, field, 500, seconds));
  }
  bare.disconnect();
  board.ratioGoal('G1 control changes, 64 connections / L1', 0.45, 0.7, ['control changes, 64 connections', L1]);
  board.ratioGoal('G2 messages, 64 connections / L1', 0.35, 0.7, ['messages, 64 connections', L1]);
  board.latencyGoal('G4 message to bot p50 / p99, ms', '15 / 60', '5 / 25', TO_BOT);
  board.latencyGoal('G5 end to subscriber p50 / p99, ms', '15 / 60', '5 / 20', TO_SUBSCRIBER);
  board.ratioGoal('G6 lone command p50 / lone statement p50', 4, 2.5, [LONE_CHANGE, LONE]);
  return { acceptedMessages, cutOff };
}

async function bareFastify({ field, seconds }: Run, port: number): Promise<number> {
  const { rate } = await wrk({
    url: `http://127.0.0.1:${port}`,
    paths: field.conversations.map((id) => `/v2/apps/${field.app.id}/conversations/${id}/passControl`),
    body: '{"switchboardIntegration":"next"}',
    authorization: field.app.authorization,
    connections: 64,
    seconds,
  });
  return rate;
}

/** Answers how many messages were accepted. */
async function closedLoops(run: Run, connections: number): Promise<number> {
  const { board, stand, field, seconds } = run;
  await checkpoint(stand.databaseUrl);
  const control = await controlChanges(stand, field, connections, seconds);
  board.note(`control changes, ${connections} connections`, '/s', control.rate);
  latency(run, `control changes, ${connections} connections`, control);
  const posted = await messages(stand, field, connections, seconds);
  board.note(`messages, ${connections} connections`, '/s', posted.rate);
  latency(run, `messages, ${connections} connections`, posted);
  return posted.requests;
}

function latency({ board }: Run, name: string, { p50, p99 }: { readonly p50: number; readonly p99: number }): void {
  board.note(`${name}, p50`, 'ms', p50);
  board.note(`${name}, p99`, 'ms', p99);
}
