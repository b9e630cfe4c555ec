import { describe, expect, it } from '@jest/globals';
import { partitionOf } from '../../src/kernel/index.js';
import { newId } from '../../src/platform/ids.js';
import { laneStage } from '../support/lane-stage.js';
import { until } from '../support/until.js';
import { deliveries, insertDeliveries, SECRET, undone } from '../support/webhook-lanes.js';

describe('lanes', () => {
  const stage = laneStage();
  const { endpoints, bot, owner, allDone, positions } = stage;

  it('finds rows that nobody handed over, and sends them in order', async () => {
    const desk = await bot();
    const lane = newId();
    await owner();
    await insertDeliveries(
      stage.url,
      [3, 9, 4, 1, 7, 12, 11].map((position) => ({ webhookId: desk.id, lane, position })),
    );
    await allDone();
    expect(positions(desk)).toEqual([1, 3, 4, 7, 9, 11, 12]);
    expect(desk.mostInFlight).toBe(1);
  });

  it('sends nothing twice in one lease', async () => {
    const desk = await bot();
    const lanes = Array.from({ length: 12 }, () => newId());
    const rising = Array.from({ length: 24 }, (_, n) => n + 1);
    await insertDeliveries(
      stage.url,
      lanes.flatMap((lane) => rising.map((position) => ({ webhookId: desk.id, lane, position }))),
    );
    await owner();
    await allDone();
    for (const lane of lanes) expect(positions(desk, lane)).toEqual(rising);
  });

  it('sends nothing later before the head was answered, and repeats it with the same id and bytes', async () => {
    let failures = 3;
    const desk = await bot(({ event }) => (event.seq === 2 && failures-- > 0 ? 500 : 200));
    const lane = newId();
    await insertDeliveries(
      stage.url,
      [1, 2, 3].map((position) => ({ webhookId: desk.id, lane, position })),
    );
    await owner();
    await allDone();
    expect(positions(desk)).toEqual([1, 2, 2, 2, 2, 3]);
    const repeats = desk.received.filter(({ event }) => event.seq === 2);
    expect(new Set(repeats.map(({ raw }) => raw)).size).toBe(1);
    expect(new Set(repeats.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect((await deliveries(stage.url)).map(({ attempts }) => attempts)).toEqual([1, 4, 1]);
  });

  it.each([400, 401, 403, 404, 406])('buries at once what is answered %d, and goes on', async (status) => {
    const desk = await bot(({ event }) => (event.seq === 1 ? status : 200));
    const lane = newId();
    await insertDeliveries(
      stage.url,
      [1, 2].map((position) => ({ webhookId: desk.id, lane, position })),
    );
    await owner();
    await allDone();
    expect(positions(desk)).toEqual([1, 2]);
    const [dead] = await deliveries(stage.url);
    expect(dead).toMatchObject({ attempts: 1, outcome: `status ${status}`, last_error: `status ${status}` });
    expect(dead?.body).toContain('"seq":1');
  });

  it('never tries more than five times, then keeps the body in a dead letter and goes on', async () => {
    const desk = await bot(({ event }) => (event.seq === 1 ? 503 : 200));
    const lane = newId();
    await insertDeliveries(
      stage.url,
      [1, 2].map((position) => ({ webhookId: desk.id, lane, position })),
    );
    await owner();
    await allDone();
    expect(positions(desk)).toEqual([1, 1, 1, 1, 1, 2]);
    expect((await deliveries(stage.url))[0]).toMatchObject({ attempts: 5, outcome: 'exhausted: status 503' });
  });

  it('retries an endpoint that hangs, after its time limit', async () => {
    let hangs = 1;
    const desk = await bot(() => (hangs-- > 0 ? 'hang' : 200));
    await insertDeliveries(stage.url, [{ webhookId: desk.id, lane: newId(), position: 1 }]);
    await owner('one', { timeoutMs: 300 });
    await allDone();
    const [first, second] = desk.received;
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(300);
    expect((await deliveries(stage.url))[0]).toMatchObject({ attempts: 2, outcome: 'delivered' });
  });

  it('keeps a poisoned conversation to itself', async () => {
    const poisoned = newId();
    const desk = await bot(({ event }) => (event.payload.lane === poisoned ? 500 : 200));
    const others = Array.from({ length: 40 }, () => newId());
    await owner('one', { retryDelaysMs: [0, 60_000] });
    await insertDeliveries(
      stage.url,
      [poisoned, ...others].flatMap((lane) => [1, 2].map((position) => ({ webhookId: desk.id, lane, position }))),
    );
    await until(async () => (await undone(stage.url)) === 2, { what: 'all others to be done' });
    expect(positions(desk, poisoned)).toEqual([1]);
    for (const lane of others) expect(positions(desk, lane)).toEqual([1, 2]);
  });

  it('goes where its receiver has moved, at once and beside the schedule', async () => {
    const [before, after] = [await bot(500), await bot()];
    const lanes = Array.from({ length: 20 }, () => newId());
    await insertDeliveries(
      stage.url,
      lanes.flatMap((lane) => [1, 2].map((position) => ({ webhookId: before.id, lane, position }))),
    );
    await owner('one', { retryDelaysMs: [0, 600_000] });
    await until(() => before.received.length === lanes.length, { what: 'every lane to have failed' });
    endpoints.set(before.id, { target: after.url, secret: SECRET });
    await allDone();
    for (const lane of lanes) expect(positions(after, lane)).toEqual([1, 2]);
    // Neither was counted as a second attempt at what refuses.
    expect(before.received).toHaveLength(lanes.length);
  });

  it('does not wait for what it sent to a target that was known too long', async () => {
    const [before, after] = [await bot(), await bot()];
    const lane = newId();
    const row = (position: number) => insertDeliveries(stage.url, [{ webhookId: before.id, lane, position }]);
    const process = await owner('one', { retryDelaysMs: [0, 600_000] });
    await row(1);
    await before.next();
    before.reply(500);
    endpoints.set(before.id, { target: after.url, secret: SECRET });
    await row(2);
    process.partitions.wake([partitionOf(lane)]);
    await allDone();
    expect(positions(after).at(-1)).toBe(2);
  });

  it('has at most 16 requests in flight at one webhook', async () => {
    const desk = await bot({ status: 200, delayMs: 30 });
    await insertDeliveries(
      stage.url,
      Array.from({ length: 80 }, () => ({ webhookId: desk.id, lane: newId(), position: 1 })),
    );
    await owner();
    await allDone();
    expect(desk.mostInFlight).toBe(16);
    expect(desk.received).toHaveLength(80);
  });

  it('does not let dead endpoints hold up a healthy one, and probes them one at a time', async () => {
    const dead = await Promise.all(Array.from({ length: 5 }, () => bot('hang')));
    const healthy = await bot();
    const lanes = Array.from({ length: 30 }, () => newId());
    await insertDeliveries(
      stage.url,
      [...dead, healthy].flatMap(({ id }) => lanes.map((lane) => ({ webhookId: id, lane, position: 1 }))),
    );
    const began = performance.now();
    await owner('one', { timeoutMs: 1_500, retryDelaysMs: [0, 60_000] });
    await until(() => healthy.received.length === 30, { what: 'the healthy endpoint to get all' });
    expect(performance.now() - began).toBeLessThan(1_500);
    // 16 at once, 4 more until the fifth timeout is counted, and from then on one behind the other: a timeout apart as
    // they are sent. They arrive on a busy machine, so half of it is asked; without probes they come together.
    await until(() => dead.every(({ received }) => received.length >= 22), { what: 'two probes' });
    for (const { received } of dead) {
      expect(received[21]!.at - received[20]!.at).toBeGreaterThanOrEqual(750);
      expect(received[20]!.at - received[19]!.at).toBeGreaterThanOrEqual(750);
    }
  });

  it('buries what is left of a deleted webhook', async () => {
    const gone = newId();
    await insertDeliveries(stage.url, [{ webhookId: gone, lane: newId(), position: 1 }]);
    await owner();
    await allDone();
    expect((await deliveries(stage.url))[0]).toMatchObject({ attempts: 0, outcome: 'webhook deleted' });
  });

  it('uses the target and the secret of the moment of sending', async () => {
    const before = await bot(500);
    const after = await bot();
    await insertDeliveries(stage.url, [{ webhookId: before.id, lane: newId(), position: 1 }]);
    await owner('one', { retryDelaysMs: [0, 1_200, 1_200] });
    await before.next();
    endpoints.set(before.id, { target: after.url, secret: 'f'.repeat(32) });
    expect((await after.next()).headers['x-api-key']).toBe('f'.repeat(32));
  });

  it('hands over to another owner without a gap when the first one is killed', async () => {
    const desk = await bot({ status: 200, delayMs: 5 });
    const lanes = Array.from({ length: 8 }, () => newId());
    await insertDeliveries(
      stage.url,
      lanes.flatMap((lane) => Array.from({ length: 20 }, (_, n) => ({ webhookId: desk.id, lane, position: n + 1 }))),
    );
    const first = await owner('first');
    await until(() => desk.received.length > 30, { what: 'the first owner to be under way' });
    first.partitions.loseAll();
    await owner('second');
    await allDone();
    for (const lane of lanes) {
      const seen = positions(desk, lane);
      expect([...new Set(seen)]).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    }
  });

  it('lets no owner write results under a fence that is over', async () => {
    const desk = await bot({ status: 404, delayMs: 150 });
    await insertDeliveries(stage.url, [{ webhookId: desk.id, lane: newId(), position: 1 }]);
    const paused = await owner('paused', { timeoutMs: 5_000 });
    await desk.next();
    // It sleeps through its lease: it still believes in its fence, while another one has taken over.
    desk.reply({ status: 200, delayMs: 400 });
    await owner('next', { timeoutMs: 5_000 });
    await desk.next(() => true, { from: 1 });
    await until(async () => (await undone(stage.url)) === 0, { what: 'the row to be done' });
    expect((await deliveries(stage.url))[0]).toMatchObject({ outcome: 'delivered', attempts: 1 });
    expect(paused.partitions.fence(0)).not.toBeNull();
  });
});
