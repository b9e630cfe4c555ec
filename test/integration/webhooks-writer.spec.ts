import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '../../src/webhooks/sending/sender.js';
import { DeadLetters } from '../../src/webhooks/dead-letters/dead-letters.query.js';
import { Resending } from '../../src/webhooks/dead-letters/resending.store.js';
import { DeliveryStore } from '../../src/webhooks/lanes/delivery.store.js';
import type { Page } from '../../src/platform/http/index.js';
import { Db } from '../../src/platform/postgres/index.js';
import type { ConversationEvent } from '../../src/conversation/index.js';
import { newId } from '../../src/platform/ids.js';
import { testDatabase, type TestDatabase } from '../support/servers.js';
import { after, ana, idOf, linked, settledOf, webhookOf } from '../support/settled.js';
import { until } from '../support/until.js';
import {
  deliveries,
  insertDeliveries,
  laneProcess,
  query,
  SECRET,
  undone,
  type LaneProcess,
} from '../support/webhook-lanes.js';
import { webhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';
import { forApps } from '../support/for-apps.js';

const bot = linked('bot');
const by = { type: 'app', keyId: 'app_1' as never } as const;
const started: ConversationEvent = { type: 'conversationStarted', channelId: null, by };
const assigned: ConversationEvent = { type: 'controlAssigned', to: bot.id, kind: 'bot', queued: false };
const released: ConversationEvent = {
  type: 'controlReleased',
  from: bot.id,
  voided: null,
  metadata: { 'a\u2028"b': 'ünïcode' },
  reason: null,
  cause: 'command',
  by,
};

describe('deliveries', () => {
  let database: TestDatabase;
  let db: Db;
  let process: LaneProcess;
  let desk: WebhookReceiver;
  const hook = webhookOf('bot');
  const endpoints = new Map<string, Endpoint>();

  beforeAll(async () => {
    database = await testDatabase();
    db = new Db(database.url);
    desk = await webhookReceiver();
    endpoints.set(hook.id, { target: desk.url, secret: SECRET });
    process = laneProcess(database.url, endpoints);
    await process.partitions.takeAll('one');
  });
  afterEach(() => query(database.url, 'DELETE FROM delivery', []));
  afterAll(async () => {
    await process.stop();
    await desk.close();
    await db.close();
    await database.drop();
  });

  const settled = (...events: ConversationEvent[]) =>
    settledOf({ links: [bot], webhooks: [hook], before: after(started, assigned), events });

  /** What the ledger does with a row writer: its statement in the transaction, its hand-over behind the commit. */
  async function commit(...entries: ReturnType<typeof settled>[]): Promise<(() => void) | undefined> {
    const written = process.engine.writer.write(entries)!;
    await query(database.url, written.statement.text, written.statement.values);
    return written.committed;
  }

  it('writes nothing when nobody is to hear', () => {
    expect(process.engine.writer.write([settled({ type: 'conversationClosed' })])).toBeNull();
  });

  it('hands over in memory, needing no sweep: as it was written, with key, signature and type', async () => {
    const other = laneProcess(database.url, endpoints, {}, { sweeps: false });
    process.partitions.loseAll();
    await other.partitions.takeAll('other');
    const from = desk.received.length;
    const written = other.engine.writer.write([settled(released)])!;
    await query(database.url, written.statement.text, written.statement.values);
    written.committed!();
    const request = await desk.next(() => true, { from });
    expect(request.headers).toMatchObject({
      'x-api-key': SECRET,
      'webhook-id': request.event.id,
      'content-type': 'application/json; charset=utf-8',
    });
    expect(request.event).toMatchObject({
      type: 'switchboard:releaseControl',
      payload: { metadata: released.metadata },
    });
    await until(async () => (await undone(database.url)) === 0, { what: 'the result' });
    expect(request.raw).toBe((await deliveries(database.url))[0]!.body);
    await other.stop();
    await process.partitions.takeAll('one');
  });

  it('is found without any hand-over', async () => {
    const from = desk.received.length;
    await commit(settled(released));
    await desk.next(() => true, { from });
  });

  it('wakes the owner when the partition is not ours', async () => {
    const woken: number[] = [];
    const subscription = process.partitions.woken.subscribe((partitions) => woken.push(...partitions));
    const committed = await commit(settled(released));
    process.partitions.loseAll();
    committed!();
    subscription.unsubscribe();
    await process.partitions.takeAll('one');
    expect(woken).toEqual([Number.parseInt(settled(released).conversationId.slice(-2), 16)]);
  });

  it('sends typing once, without a row', async () => {
    const from = desk.received.length;
    await process.engine.fleeting.tell({
      ...settled(),
      state: after(started, assigned),
      at: 0,
      activity: { type: 'typing:start', author: { type: 'user', userId: ana.id }, source: { type: 'web' } },
      user: ana,
    });
    expect(desk.received.slice(from).map(({ event }) => event.type)).toEqual(['conversation:typing']);
    expect(await deliveries(database.url)).toEqual([]);
  });

  it('lists dead letters by page and sends one again at its old place, with the same bytes', async () => {
    const within = forApps(db, idOf('app'), idOf('other'));
    const [letters, resending] = [new DeadLetters(within), new Resending(within)];
    await query(
      database.url,
      `WITH a AS (INSERT INTO app (id, display_name, created_at) VALUES ($1, 'app', now()) RETURNING id),
            i AS (INSERT INTO integration (id, app_id, type, created_at) SELECT $2, id, 'custom', now() FROM a RETURNING *)
       INSERT INTO webhook (id, app_id, integration_id, target, triggers, secret, created_at)
       SELECT $3, app_id, id, '', '{}', '', now() FROM i`,
      [idOf('app'), newId(), hook.id],
    );
    const lane = newId();
    desk.reply(404);
    await insertDeliveries(
      database.url,
      [1, 2, 3].map((position) => ({ webhookId: hook.id, lane, position })),
    );
    await until(async () => (await undone(database.url)) === 0, { what: 'three burials' });
    desk.reply(200);
    await query(database.url, `UPDATE delivery SET app_id = $1`, [idOf('app')]);
    const first = { cursor: null, direction: 'forward', size: 25, limit: 26 } as const;
    const list = (page: Partial<Page> = {}) => letters.list(idOf('app'), hook.id, { ...first, ...page });
    const all = await list();
    expect(all.map(({ reason, attempts }) => [reason, attempts])).toEqual(all.map(() => ['status 404', 1]));
    expect(all).toHaveLength(3);
    expect((await list({ limit: 2 })).length).toBe(2);
    expect((await list({ cursor: all[1]!.id })).map(({ id }) => id)).toEqual([all[2]!.id]);
    expect((await list({ cursor: all[2]!.id, direction: 'backward' })).map(({ id }) => id)).toEqual([
      all[1]!.id,
      all[0]!.id,
    ]);
    expect(await letters.list(idOf('other'), hook.id, first)).toEqual([]);

    const from = desk.received.length;
    const resend = (app: string) => resending.resend(idOf(app), hook.id, all[0]!.id, null);
    await expect(resend('other')).rejects.toMatchObject({ code: 'not_found' });
    expect(await resend('app')).toBe(Number.parseInt(lane.slice(-2), 16));
    const again = await desk.next(() => true, { from });
    expect(again.raw).toBe(all[0]!.body);
    expect(again.headers['webhook-id']).toBe(all[0]!.eventId);
  });

  it('forgets delivered rows after 7 days and dead letters after 30, and never what is not done', async () => {
    const old = (outcome: string | null, days: number) =>
      query(
        database.url,
        `INSERT INTO delivery (id, partition, app_id, webhook_id, lane, position, event_id, trigger, body, created_at,
                               next_at, done_at, outcome)
         SELECT $1, 0, 'a', 'w', $1, 1, 'e', $2, '{}', now() - $3::float8 * interval '1 day', now() + interval '1 day',
                CASE WHEN $4::text IS NOT NULL THEN now() - $3::float8 * interval '1 day' END, $4`,
        [newId(), `${outcome} ${days}`, days, outcome],
      );
    for (const days of [6.9, 7.1, 29.9, 30.1]) {
      await old('delivered', days);
      await old('status 404', days);
      await old(null, days);
    }
    expect(await new DeliveryStore(db).forget()).toBe(4);
    const left = await query<{ trigger: string }>(database.url, 'SELECT trigger FROM delivery ORDER BY trigger', []);
    expect(left.map(({ trigger }) => trigger)).toEqual([
      'delivered 6.9',
      'null 29.9',
      'null 30.1',
      'null 6.9',
      'null 7.1',
      'status 404 29.9',
      'status 404 6.9',
      'status 404 7.1',
    ]);
  });

  it('counts: made = delivered + dead + pending', async () => {
    const { body: metrics } = await process.metrics.text();
    const value = (line: string) =>
      Number(
        metrics
          .split('\n')
          .find((one) => one.startsWith(`${line} `))
          ?.split(' ')[1],
      );
    expect(value('switchboard_webhook_deliveries_made_total')).toBe(2);
    expect(await new DeliveryStore(db).pending()).toBe(0);
    expect(value('switchboard_webhook_deliveries_done_total{outcome="dead"}')).toBe(3);
    expect(value('switchboard_webhook_attempts_total{outcome="4xx"}')).toBe(3);
  });
});
