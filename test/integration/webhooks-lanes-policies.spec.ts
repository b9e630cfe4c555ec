import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newId } from '../../src/platform/ids.js';
import { laneStage } from '../support/lane-stage.js';
import { until } from '../support/until.js';
import { deliveries, insertDeliveries, SECRET, undone } from '../support/webhook-lanes.js';
import type { Received } from '../support/webhook-receiver.js';

/** What a webhook says of its own: how often it is tried, with which secrets, and that it is gone. */
describe('a lane', () => {
  const stage = laneStage();
  const { endpoints, bot, owner, allDone, positions } = stage;

  it('follows the policy of the webhook, not that of the house, and stays in order', async () => {
    const [own, house] = [await bot(), await bot()];
    for (const desk of [own, house]) desk.reply(({ event }) => (event.seq === 1 ? 503 : 200));
    endpoints.set(own.id, {
      ...endpoints.get(own.id)!,
      retryPolicy: { delaysMs: [0, 100, 100, 100, 100, 100, 100], windowMs: 60_000 },
    });
    const lane = newId();
    await owner();
    await insertDeliveries(
      stage.url,
      [own, house].flatMap(({ id }) => [1, 2].map((position) => ({ webhookId: id, lane, position }))),
    );
    await allDone();
    expect(positions(own)).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
    expect(positions(house)).toEqual([1, 1, 1, 1, 1, 2]);
  });

  it('waits for a receiver that asks for time no longer than the window of its policy', async () => {
    const desk = await bot(200);
    desk.reply(({ index }) => (index < 2 ? { status: 429, headers: { 'retry-after': '3600' } } : 200));
    endpoints.set(desk.id, {
      ...endpoints.get(desk.id)!,
      retryPolicy: { delaysMs: [0, 1, 1, 1, 1], windowMs: 1_000 },
    });
    const lane = newId();
    await insertDeliveries(
      stage.url,
      [1, 2].map((position) => ({ webhookId: desk.id, lane, position })),
    );
    await owner();
    await allDone();
    expect(positions(desk)).toEqual([1, 1, 2]);
    expect((await deliveries(stage.url))[0]).toMatchObject({ attempts: 2, outcome: 'exhausted: status 429' });
  });

  it('keeps no new conversation waiting behind thousands that wait for their next attempt', async () => {
    const desk = await bot(500);
    const rows = (many: number) =>
      Array.from({ length: many }, () => ({ webhookId: desk.id, lane: newId(), position: 1 }));
    await owner('one', { retryDelaysMs: [0, 600_000] });
    await insertDeliveries(stage.url, rows(2_100));
    const tried = () => desk.received.length >= 2_100;
    await until(tried, { timeoutMs: 60_000, what: 'every conversation to have failed once' });
    desk.reply(200);
    await insertDeliveries(stage.url, rows(1));
    await until(async () => (await undone(stage.url)) === 2_100, { what: 'the new one to be delivered' });
  });

  it('buries at once what waits for the next attempt at a webhook that is deleted', async () => {
    const desk = await bot(500);
    const lane = newId();
    await insertDeliveries(
      stage.url,
      [1, 2].map((position) => ({ webhookId: desk.id, lane, position })),
    );
    await owner('one', { retryDelaysMs: [0, 3_600_000] });
    await desk.next();
    endpoints.delete(desk.id);
    await allDone();
    const left = await deliveries(stage.url);
    expect(left.map(({ attempts, outcome }) => [attempts, outcome])).toEqual([
      [1, 'webhook deleted'],
      [0, 'webhook deleted'],
    ]);
  });

  const noes = [302, 400, 401, 403, 404, 405, 406];
  it.each(noes)(
    'shows a receiver that answers %d to a secret it does not know the other, within the same attempt',
    async (no) => {
      const [current, old] = ['e'.repeat(32), 'd'.repeat(32)];
      const takes = (secret: string) => (request: Received) => (request.headers['x-api-key'] === secret ? 200 : no);
      const desk = await bot(takes(old));
      endpoints.set(desk.id, { target: desk.url, secret: current, oldSecrets: [old] });
      const lane = newId();
      const shown = () => desk.received.map(({ headers }) => headers['x-api-key']);
      const send = async (position: number) => {
        await insertDeliveries(stage.url, [{ webhookId: desk.id, lane, position }]);
        await allDone();
      };
      await owner();
      await send(1);
      expect(shown()).toEqual([old]);
      desk.reply(takes(current));
      await send(2);
      await send(3);
      expect(shown()).toEqual([old, old, current, current]);
      // Back again, as a deployment that was undone.
      desk.reply(takes(old));
      await send(4);
      expect(shown().slice(4)).toEqual([current, old]);
      expect((await deliveries(stage.url)).map(({ attempts, outcome }) => [attempts, outcome])).toEqual(
        Array.from({ length: 4 }, () => [1, 'delivered']),
      );
      for (const { headers, raw } of desk.received) {
        for (const secret of [old, current]) {
          expect(() => new Webhook(secret, { format: 'raw' }).verify(raw, headers)).not.toThrow();
        }
      }
    },
  );

  it('buries with the words for a caller that is known what is not wanted, whichever secret it came with', async () => {
    const desk = await bot(({ headers }) => (headers['x-api-key'] === SECRET ? 404 : 401));
    endpoints.set(desk.id, { target: desk.url, secret: SECRET, oldSecrets: ['d'.repeat(32)] });
    await insertDeliveries(stage.url, [{ webhookId: desk.id, lane: newId(), position: 1 }]);
    await owner();
    await allDone();
    expect(desk.received).toHaveLength(2);
    expect((await deliveries(stage.url))[0]).toMatchObject({ attempts: 1, outcome: 'status 404' });
  });

  it('buries what a receiver refuses with every secret there is, after one attempt', async () => {
    const desk = await bot(403);
    endpoints.set(desk.id, { target: desk.url, secret: SECRET, oldSecrets: ['d'.repeat(32)] });
    await insertDeliveries(stage.url, [{ webhookId: desk.id, lane: newId(), position: 1 }]);
    await owner();
    await allDone();
    expect(desk.received).toHaveLength(2);
    expect((await deliveries(stage.url))[0]).toMatchObject({ attempts: 1, outcome: 'status 403' });
  });
});
