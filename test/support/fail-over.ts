import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { AppOverrides } from './app.js';
import { startDesk, text, userText, type Answered, type Desk, type Seat } from './desk.js';
import { testDatabase } from './servers.js';
import { PATIENCE_MS, until } from './until.js';
import { webhookReceiver, type Behaviour, type Reply, type WebhookReceiver } from './webhook-receiver.js';

/** A seat with a webhook that hears everything; `receiver` says how it behaves. */
export interface HeardSeat extends Seat {
  receiver: WebhookReceiver;
  readonly webhookId: string;
}

/** A desk whose three integrations listen: `bot` is the default and its next is `agent`, whose next is `survey`. */
export interface FailOverStage extends Omit<Desk, 'bot' | 'agent' | 'survey'> {
  readonly bot: HeardSeat;
  readonly agent: HeardSeat;
  readonly survey: HeardSeat;
  readonly sql: Client;
  readonly databaseUrl: string;
  /** Changes a switchboard integration. */
  link(seat: Seat, patch: object): Promise<void>;
  /** The end user writes; answers the event's seq. */
  writes(conversation: Talk, words?: string): Promise<number>;
  /** Name of the holder; `null`: nobody. */
  holder(conversationId: string): Promise<string | null>;
  timeline(conversationId: string): Promise<readonly Line[]>;
  /** What the end user reads, in order. */
  transcript(conversation: Talk): Promise<readonly Said[]>;
}

export interface Talk {
  readonly id: string;
  readonly userId: string;
  readonly externalId: string;
}

export interface Line {
  readonly type: string;
  readonly kind: 'event' | 'refusal';
  readonly at: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read the facts freely
  readonly data: any;
}

export interface Said {
  readonly words: string;
  readonly note: string | null;
}

/** Retries that outlast no test, and attempts that end while one watches. */
export const QUICK = {
  SWITCHBOARD_WEBHOOK_ALLOW: '127.0.0.0/8',
  SWITCHBOARD_WEBHOOK_TIMEOUT_MS: '3000',
  SWITCHBOARD_WEBHOOK_RETRY_DELAYS_MS: '0,300,600,1200,60000,60000,60000',
};

/** Nobody is on deadline until the test says so. */
export async function startFailOver(
  settings: Readonly<Record<string, unknown>> = {},
  server: AppOverrides = {},
): Promise<FailOverStage> {
  const database = await testDatabase();
  const desk = await startDesk({
    settings,
    server: { ...server, settings: { ...QUICK, DATABASE_URL: database.url, ...server.settings } },
  });
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  const heard = async (seat: Seat): Promise<HeardSeat> => {
    const receiver = await webhookReceiver();
    const hooks = `/integrations/${seat.integrationId}/webhooks`;
    const webhookId = made(await desk.app.get(hooks)).webhooks[0].id;
    made(await desk.app.patch(`${hooks}/${webhookId}`, { target: receiver.url, triggers: ['*'] }));
    return { ...seat, receiver, webhookId };
  };
  const links = `/switchboards/${desk.switchboardId}/switchboardIntegrations`;
  const link = async (seat: Seat, patch: object): Promise<void> => {
    made(await desk.app.patch(`${links}/${seat.id}`, patch));
  };
  const [bot, agent, survey] = [await heard(desk.bot), await heard(desk.agent), await heard(desk.survey)];
  for (const seat of [bot, agent, survey]) await link(seat, { holderDeadlineSeconds: null });
  await link(agent, { nextSwitchboardIntegrationId: survey.id });
  return {
    ...desk,
    bot,
    agent,
    survey,
    sql,
    databaseUrl: database.url,
    link,
    async writes({ id, userId }, words = 'hello?') {
      const answer = await desk.app.post(`/conversations/${id}/messages`, userText(userId, words));
      made(answer);
      return Number(answer.headers.get('switchboard-seq'));
    },
    async holder(id) {
      const { conversation } = made(await desk.app.get(`/conversations/${id}`));
      return conversation.activeSwitchboardIntegration?.name ?? null;
    },
    async timeline(id) {
      return made(await desk.app.get(`/conversations/${id}/timeline?page[size]=100`)).timeline as Line[];
    },
    async transcript({ id }) {
      const { messages } = made(await desk.app.get(`/conversations/${id}/messages?page[size]=100`));
      // oxlint-disable-next-line typescript/no-explicit-any -- as the API returns them
      return messages.map((one: any) => ({ words: one.content.text, note: one.activity?.type ?? null }));
    },
    async close() {
      await sql.end();
      await desk.close();
      await Promise.all([bot, agent, survey].map(({ receiver }) => receiver.close()));
      await database.drop();
    },
  };
}

/** One more on the switchboard, of a partner: such an integration may have several webhooks. */
export async function partner(stage: FailOverStage, name: string, targets: readonly string[], more: object) {
  const body = { name, integrationType: `partner-${name}`, ...more };
  const links = `/switchboards/${stage.switchboardId}/switchboardIntegrations`;
  const { switchboardIntegration } = made(await stage.app.post(links, body));
  const hooks = `/integrations/${switchboardIntegration.integrationId}/webhooks`;
  for (const target of targets) made(await stage.app.post(hooks, { target, triggers: ['*'] }));
}

/** As a seat speaks. */
export const say = (seat: Seat, { id }: Talk, words: string): Promise<Answered> =>
  seat.call.post(`/conversations/${id}/messages`, text(words));

/** The process behind a seat is gone: its port refuses. */
export const dies = (seat: HeardSeat): Promise<void> => seat.receiver.close();

/** Somebody listens for it again, elsewhere. */
export async function revive(stage: FailOverStage, seat: HeardSeat): Promise<void> {
  seat.receiver = await webhookReceiver();
  const target = seat.receiver.url;
  made(await stage.app.patch(`/integrations/${seat.integrationId}/webhooks/${seat.webhookId}`, { target }));
}

export const line = (lines: readonly Line[], type: string): Line => {
  const found = lines.find((one) => one.type === type);
  if (!found) throw new Error(`the timeline has no ${type}: ${lines.map((one) => one.type).join(', ')}`);
  return found;
};

/** Waits until somebody else holds control. */
export function heldBy(
  stage: FailOverStage,
  id: string,
  name: string | null,
  timeoutMs = PATIENCE_MS,
): Promise<unknown> {
  return until(async () => (await stage.holder(id)) === name || null, { timeoutMs, what: `${name} to hold control` });
}

/** Deadlines of this conversation that are written and have not come. */
export async function watches(stage: FailOverStage, { id }: Talk): Promise<number> {
  const { rows } = await stage.sql.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM holder_watch w JOIN delivery d ON d.id = w.delivery_id WHERE d.lane = $1',
    [id],
  );
  return rows[0]?.n ?? 0;
}

/**
 * How late this machine is by itself from now on: what the slowest of many round trips took longer than it had to. A
 * second's grace is meant for a machine that has a second.
 */
export function machineLag({ sql }: FailOverStage): () => Promise<number> {
  const stop = new AbortController();
  const sampled = (async () => {
    let most = 0;
    while (!stop.signal.aborted) {
      const began = performance.now();
      await sleep(20);
      await sql.query('SELECT 1');
      most = Math.max(most, performance.now() - began - 20);
    }
    return most;
  })();
  return () => {
    stop.abort();
    return sampled;
  };
}

export function made({ status, body }: Answered): Answered['body'] {
  if (status >= 300) throw new Error(`not done: ${status} ${JSON.stringify(body)}`);
  return body;
}

export type { Behaviour, Reply };
