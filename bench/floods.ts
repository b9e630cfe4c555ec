import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'undici';
import type { Arena } from './arena.js';
import { openLoop } from './open-loop.js';
import type { Stand } from './stand.js';
import { wrk } from './wrk.js';

/** How a flood was answered: requests, and of these refused. */
export interface Answered {
  readonly sent: number;
  readonly refused: number;
}

const connections = new Agent({ connections: 128, pipelining: 1 });

/** A bot that does not hold the conversation sends 300 messages a second into it. */
export async function botFlood(stand: Stand, arena: Arena, seconds: number): Promise<Answered> {
  const body = '{"author":{"type":"business"},"content":{"type":"text","text":"let me in"}}';
  const path = `/v2/apps/${arena.app.id}/conversations/${arena.conversationId}/messages`;
  return paced(stand, { method: 'POST', path, body, authorization: arena.standby.call.authorization }, 300, seconds);
}

/** The end user keeps 60 requests under way, whatever they are answered. */
export async function userFlood(stand: Stand, arena: Arena, seconds: number): Promise<Answered> {
  const { requests, refused } = await wrk({
    url: stand.url,
    paths: [`/client/v1/apps/${arena.app.id}/conversations/${arena.conversationId}/messages`],
    body: '{"content":{"type":"text","text":"is anybody there?"}}',
    authorization: arena.userToken,
    connections: 60,
    seconds,
    mayBeRefused: true,
  });
  return { sent: requests, refused };
}

/** An app asks for 900 pages of messages a second. */
export function pageFlood(stand: Stand, arena: Arena, seconds: number): Promise<Answered> {
  const path = `/v2/apps/${arena.app.id}/conversations/${arena.conversationId}/messages`;
  return paced(stand, { method: 'GET', path, body: null, authorization: arena.app.authorization }, 900, seconds);
}

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | null;
  readonly authorization: string;
}

async function paced(stand: Stand, sent: Sent, perSecond: number, seconds: number): Promise<Answered> {
  const { method, path, body, authorization } = sent;
  const headers = { authorization, ...(body === null ? {} : { 'content-type': 'application/json' }) };
  let refused = 0;
  await openLoop(perSecond, seconds, async () => {
    const answer = await connections.request({ origin: stand.url, path, method, headers, body });
    if (answer.statusCode >= 300) refused += 1;
    await answer.body.dump();
  });
  return { sent: perSecond * seconds, refused };
}

/** Two endless loops beside whatever is measured. */
export async function onABusyMachine<T>(work: () => Promise<T>): Promise<T> {
  const loops = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  const kill = (): void => {
    for (const loop of loops) loop.kill('SIGKILL');
  };
  process.once('exit', kill);
  try {
    return await work();
  } finally {
    process.off('exit', kill);
    kill();
    await Promise.all(loops.map((loop) => loop.exitCode ?? loop.signalCode ?? once(loop, 'exit')));
  }
}
