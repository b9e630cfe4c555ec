import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { WebhookConfig } from '../../src/platform/config/config.js';
import { newId } from '../../src/platform/ids.js';
import type { Endpoint } from '../../src/webhooks/sending/sender.js';
import { testDatabase, type TestDatabase } from './servers.js';
import { until } from './until.js';
import { laneProcess, query, SECRET, undone, type LaneProcess } from './webhook-lanes.js';
import { webhookReceiver, type Behaviour, type Reply, type WebhookReceiver } from './webhook-receiver.js';

export type Desk = WebhookReceiver & { readonly id: string };

export interface LaneStage {
  readonly url: string;
  /** Looked up at every send. */
  readonly endpoints: Map<string, Endpoint>;
  /** A receiver and its webhook. */
  bot(behaviour?: Reply | Behaviour): Promise<Desk>;
  /** A process that owns all partitions. */
  owner(name?: string, config?: Partial<WebhookConfig>): Promise<LaneProcess>;
  allDone(): Promise<unknown>;
  /** The `seq` of what was received, in order of arrival. */
  positions(receiver: WebhookReceiver, lane?: string): readonly (number | undefined)[];
}

/** Lanes over a database of their own, for one `describe`; every test begins without deliveries, webhooks and processes. */
export function laneStage(): LaneStage {
  let database: TestDatabase;
  const open: { stop(): Promise<unknown> }[] = [];
  const endpoints = new Map<string, Endpoint>();

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.stop()));
    await query(database.url, 'DELETE FROM delivery', []);
    endpoints.clear();
  });
  afterAll(() => database.drop());

  return {
    get url() {
      return database.url;
    },
    endpoints,
    async bot(behaviour = 200) {
      const receiver = await webhookReceiver(behaviour);
      open.push({ stop: () => receiver.close() });
      const id = newId();
      endpoints.set(id, { target: receiver.url, secret: SECRET });
      return Object.assign(receiver, { id });
    },
    async owner(name = 'one', config = {}) {
      const started = laneProcess(database.url, endpoints, config);
      open.unshift(started);
      await started.partitions.takeAll(name);
      return started;
    },
    allDone: () => until(async () => (await undone(database.url)) === 0, { what: 'every delivery to end' }),
    positions: (receiver, lane) =>
      receiver.received.filter(({ event }) => !lane || event.payload.lane === lane).map(({ event }) => event.seq),
  };
}
