import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { Crowd } from './crowd.js';
import type { Field } from './field.js';
import { percentile } from './figures.js';
import { openLoop } from './open-loop.js';
import type { Stand } from './stand.js';
import { wrk, type LoadResult } from './wrk.js';

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Control changes accepted over HTTP; each request passes control to the other one of two. */
export function controlChanges(
  stand: Stand,
  field: Field,
  connections: number,
  seconds: number,
  among: Crowd | null = null,
): Promise<LoadResult> {
  const path = (id: string): string => `/v2/apps/${field.app.id}/conversations/${id}/passControl`;
  return wrk({
    url: stand.url,
    paths: among
      ? { before: path(among.template.prefix).replace('/passControl', ''), count: among.count, after: '/passControl' }
      : field.conversations.map(path),
    body: '{"switchboardIntegration":"next"}',
    authorization: field.app.authorization,
    connections,
    seconds,
  });
}

/** Business messages accepted over HTTP, each delivered to one subscribed bot. */
export function messages(stand: Stand, field: Field, connections: number, seconds: number): Promise<LoadResult> {
  return wrk({
    url: stand.url,
    paths: field.conversations.map((id) => `/v2/apps/${field.app.id}/conversations/${id}/messages`),
    body: '{"author":{"type":"business"},"content":{"type":"text","text":"Your parcel left our house this morning."}}',
    authorization: field.app.authorization,
    connections,
    seconds,
  });
}

/** G6: one control change at a time with nothing else under way, twenty a second; median milliseconds. */
export async function loneCommand(field: Field, seconds: number): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < 20 * seconds; index++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const begun = performance.now();
    const id = field.conversations[index % field.conversations.length]!;
    await field.app.post(`/conversations/${id}/passControl`, { switchboardIntegration: 'next' });
    times.push(performance.now() - begun);
  }
  return percentile(times, 50);
}

/** G4: from when a message was due to be sent until its bytes are at the bot, 200 a second. */
export async function messageToBot(field: Field, perSecond: number, seconds: number): Promise<Latency> {
  await field.app.quiet();
  const due = new Map<string, number>();
  const times: number[] = [];
  field.onArrival((text, at) => {
    const dueAt = due.get(text);
    if (dueAt === undefined) return;
    due.delete(text);
    times.push(at - dueAt);
  });
  const run = Math.random().toString(36).slice(2);
  await openLoop(perSecond, seconds, async (index, dueAt) => {
    const text = `${run}-${index}`;
    due.set(text, dueAt);
    const id = field.conversations[index % field.conversations.length]!;
    await field.app.post(`/conversations/${id}/messages`, {
      author: { type: 'business' },
      content: { type: 'text', text },
    });
  });
  await allArrived(() => times.length === perSecond * seconds);
  return { p50: percentile(times, 50), p99: percentile(times, 99) };
}

/** G5: from when an end was due to be sent until `session.ended` is at a JetStream consumer, 500 a second. */
export async function endToSubscriber(
  stand: Stand,
  field: Field,
  perSecond: number,
  seconds: number,
): Promise<Latency> {
  const sessions = await field.app.sessions(await field.app.converse(perSecond * seconds));
  await field.app.quiet();
  const due = new Map<string, number>();
  const times: number[] = [];
  const connection = await connect({ servers: stand.natsUrl });
  try {
    const consumer = await jetstream(connection, { timeout: 10_000 }).consumers.get('SWITCHBOARD', {
      filter_subjects: 'switchboard.v1.session.ended.>',
      deliver_policy: DeliverPolicy.New,
    });
    const heard = await consumer.consume({ max_messages: 2_000 });
    const reading = (async () => {
      for await (const message of heard) {
        const at = performance.now();
        const { sessionId } = message.json<{ data: { sessionId: string } }>().data;
        const dueAt = due.get(sessionId);
        if (dueAt !== undefined) times.push(at - dueAt);
      }
    })();
    await openLoop(perSecond, seconds, async (index, dueAt) => {
      const id = sessions[index]!;
      due.set(id, dueAt);
      await field.app.post(`/sessions/${id}/end`);
    });
    await allArrived(() => times.length === perSecond * seconds);
    heard.stop();
    await reading;
  } finally {
    await connection.close();
  }
  return { p50: percentile(times, 50), p99: percentile(times, 99) };
}

async function allArrived(done: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!done()) {
    if (performance.now() > deadline) throw new Error('not everything that was sent arrived within 15 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
