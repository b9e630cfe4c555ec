import type { Client } from 'pg';
import type { Arena, Seat } from './arena.js';
import { onDatabase } from './database.js';
import { openLoop } from './open-loop.js';
import type { Stand } from './stand.js';

/** Milliseconds of each call, or by which a deadline was late, by what it was. */
export type Times = Record<string, number[]>;

/** A call that is refused ends the bench: whoever does not flood must not be. */
export async function callsOf(arena: Arena, seconds: number): Promise<Times> {
  const times: Times = {};
  const timed = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const answer = await call();
    (times[what] ??= []).push(performance.now() - begun);
    return answer;
  };
  for (const until = performance.now() + seconds * 1_000; performance.now() < until;) {
    await sayAsUser(arena);
    await timed('message of the holder', () => say(arena, arena.holder));
    await timed("pass by the app's key", () => pass(arena, arena.desk));
    await timed('message of the holder', () => say(arena, arena.desk));
    await timed("pass by the app's key", () => pass(arena, arena.holder));
    const { sessions } = await arena.app.get(`/sessions?filter[userId]=${arena.userId}&filter[status]=ACTIVE`);
    if (sessions.length > 0)
      await timed("end by the app's key", () => arena.app.post(`/sessions/${sessions[0].id}/end`));
  }
  return times;
}

/** Messages of an app's key at twenty a second, from when each was due. */
export async function messagesOf(arena: Arena, seconds: number): Promise<Times> {
  const times: number[] = [];
  await openLoop(20, seconds, async (_, dueAt) => {
    await say(arena, { call: arena.app });
    times.push(performance.now() - dueAt);
  });
  return { 'message of another app': times };
}

/** Offers that nobody accepts within their second, and holders that do not answer within theirs. */
export function latenessOf(stand: Stand, arena: Arena, seconds: number): Promise<Times> {
  return onDatabase(stand, async (client) => {
    const times: Times = { 'deadline of an offer': [], 'fail-over of a silent holder': [] };
    for (const until = performance.now() + seconds * 1_000; performance.now() < until;) {
      const offered = await seqOf(client, arena);
      const offer = { switchboardIntegration: 'desk', expiresInSeconds: 1 };
      await arena.app.post(`/conversations/${arena.conversationId}/offerControl`, offer);
      times['deadline of an offer']!.push(await late(client, arena, offered, OFFER_LATE));
      const passed = await seqOf(client, arena);
      await pass(arena, arena.silent);
      await sayAsUser(arena);
      times['fail-over of a silent holder']!.push(await late(client, arena, passed, FAIL_OVER_LATE));
    }
    return times;
  });
}

let messages = 0;

/** How many messages of the business were accepted. */
export const said = (): number => messages;

export async function say(arena: Arena, { call }: Pick<Seat, 'call'>, text = 'hello'): Promise<void> {
  const body = { author: { type: 'business' }, content: { type: 'text', text } };
  await call.post(`/conversations/${arena.conversationId}/messages`, body);
  messages += 1;
}

const sayAsUser = ({ app, conversationId, userId }: Arena): Promise<unknown> =>
  app.post(`/conversations/${conversationId}/messages`, {
    author: { type: 'user', userId },
    content: { type: 'text', text: 'hello' },
  });

const pass = ({ app, conversationId }: Arena, { id }: Seat): Promise<unknown> =>
  app.post(`/conversations/${conversationId}/passControl`, { switchboardIntegration: id });

async function seqOf(client: Client, { conversationId }: Arena): Promise<number> {
  const { rows } = await client.query('SELECT seq::int AS seq FROM conversation WHERE id = $1', [conversationId]);
  return rows[0].seq;
}

/** Milliseconds, once what `sql` asks for has happened behind `seq`. */
async function late(client: Client, { conversationId }: Arena, seq: number, sql: string): Promise<number> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline;) {
    const { rows } = await client.query<{ late: number }>(sql, [conversationId, seq]);
    if (rows[0]) return rows[0].late;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`NOT SO: a deadline of conversation ${conversationId} rang within 30 s`);
}

/** By the times of the events: from when the offer was to expire until it did. */
const OFFER_LATE = `
  SELECT (extract(epoch FROM over.at) * 1000 - (made.data ->> 'expiresAt')::float8)::float8 AS late
  FROM event over JOIN event made ON made.conversation_id = over.conversation_id AND made.type = 'controlOffered'
                                 AND made.seq = (over.data ->> 'offerSeq')::int8
  WHERE over.conversation_id = $1 AND over.seq > $2 AND over.type = 'offerExpired' ORDER BY over.seq LIMIT 1`;

/** From a second after the first message that was not answered until its holder was given up. */
const FAIL_OVER_LATE = `
  SELECT (extract(epoch FROM at) * 1000 - (data ->> 'owedSince')::float8 - 1000)::float8 AS late
  FROM event WHERE conversation_id = $1 AND seq > $2 AND type = 'replyOverdue' ORDER BY seq LIMIT 1`;
