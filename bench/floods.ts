import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Arena } from './arena.js';
import { startBeside, type Stand } from './stand.js';
import { wrk } from './wrk.js';

/** How a flood was answered: requests, and of these refused. */
export interface Answered {
  readonly sent: number;
  readonly refused: number;
}

/** So many requests a second, whether or not the earlier ones were answered. */
export interface PacedFlood {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | null;
  readonly authorization: string;
  readonly perSecond: number;
  readonly seconds: number;
}

/** A bot that does not hold the conversation sends 300 messages a second into it. */
export function botFlood({ url }: Stand, arena: Arena, seconds: number): Promise<Answered> {
  const body = '{"author":{"type":"business"},"content":{"type":"text","text":"let me in"}}';
  const { authorization } = arena.standby.call;
  return paced({ url, method: 'POST', path: messagesOf(arena), body, authorization, perSecond: 300, seconds });
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
export function pageFlood({ url }: Stand, arena: Arena, seconds: number): Promise<Answered> {
  const { authorization } = arena.app;
  return paced({ url, method: 'GET', path: messagesOf(arena), body: null, authorization, perSecond: 900, seconds });
}

const messagesOf = ({ app, conversationId }: Arena): string =>
  `/v2/apps/${app.id}/conversations/${conversationId}/messages`;

async function paced(flood: PacedFlood): Promise<Answered> {
  const flooder = await startBeside('flooder.js');
  const answered = once(flooder, 'message') as Promise<[Answered]>;
  flooder.send(flood);
  return (await answered)[0];
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
