import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import request from 'supertest';
import { DatabaseTime, HouseClock } from '../../../src/platform/clock/index.js';
import { basic, startDesk, text, type Desk, type Key } from '../../support/desk.js';
import { webhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.js';

const MINUTE = 60_000;

/** This machine's clock is right; the database's is not, which is the same difference. */
describe('a database whose clock is ten minutes ahead', () => {
  let desk: Desk;
  let receiver: WebhookReceiver;
  let ahead = 0;
  const told = {
    warn: jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined),
    log: jest.spyOn(Logger.prototype, 'log').mockReturnValue(undefined),
  };
  beforeAll(async () => {
    receiver = await webhookReceiver();
    desk = await startDesk({
      server: {
        prepare: (app) => {
          const time = app.get(DatabaseTime);
          const look = time.look.bind(time);
          jest
            .spyOn(time, 'look')
            .mockImplementation(async () => (await look()).map((one) => ({ ...one, theirs: one.theirs + ahead })));
        },
      },
    });
  });
  afterAll(async () => {
    await desk.close();
    await receiver.close();
    jest.restoreAllMocks();
  });

  const clock = () => desk.started.app.get(HouseClock);
  const lookAt = async (ms: number): Promise<void> => {
    ahead = ms;
    await clock().look();
  };
  const health = async () => (await request(desk.started.url).get('/health/ready')).body;
  const linesOf = (spy: { readonly mock: { readonly calls: unknown[][] } }) =>
    spy.mock.calls.filter(([, message]) => String(message).includes('clocks'));

  it('is told once when it begins and once when it is over', async () => {
    expect(await health()).toMatchObject({ clock: 'agrees', clockOffsetMs: expect.any(Number) });
    expect(linesOf(told.warn)).toHaveLength(0);
    for (let n = 0; n < 3; n += 1) await lookAt(10 * MINUTE);
    const body = await health();
    expect(body).toMatchObject({ ready: true, clock: 'differs' });
    expect(body.clockOffsetMs / 1000).toBeCloseTo(600, 0);
    expect(linesOf(told.warn)).toHaveLength(1);
    expect(linesOf(told.warn)[0]?.[0]).toMatchObject({ offsetSeconds: expect.closeTo(600, 0) });
    const { text: figures } = await request(desk.started.url).get('/metrics');
    expect(Number(/^switchboard_clock_offset_seconds (\S+)$/m.exec(figures)?.[1])).toBeCloseTo(600, 0);
    await lookAt(0);
    await lookAt(0);
    expect((await health()).clock).toBe('agrees');
    expect([linesOf(told.warn).length, linesOf(told.log).length]).toEqual([1, 1]);
  });

  it('signs webhooks with its time', async () => {
    await lookAt(10 * MINUTE);
    const webhooks = [{ target: receiver.url, triggers: ['conversation:message'] }];
    const body = { type: 'custom', displayName: 'hears', webhooks };
    expect((await desk.app.post('/integrations', body)).status).toBe(201);
    const { id } = await desk.conversation();
    expect((await desk.app.post(`/conversations/${id}/messages`, text('hello'))).status).toBe(201);
    const { headers } = await receiver.next();
    expect(Math.abs(Number(headers['webhook-timestamp']) - (Date.now() + 10 * MINUTE) / 1000)).toBeLessThan(60);
    await lookAt(0);
  });

  it('holds the lifetimes of tokens against its time', async () => {
    const made = await request(desk.started.url)
      .post(`/v2/apps/${desk.appId}/keys`)
      .set('authorization', basic(desk.started.accountKey))
      .send({ displayName: 'tokens' });
    const status = async (claims: object) => {
      const authorization = `Bearer ${tokenOf(made.body.key, { scope: 'app', ...claims })}`;
      return (await request(desk.started.url).get(`/v2/apps/${desk.appId}`).set('authorization', authorization)).status;
    };
    const seconds = (ms: number): number => Math.floor((Date.now() + ms) / 1000);
    await lookAt(0);
    expect(await status({ exp: seconds(5 * MINUTE) })).toBe(200);
    expect(await status({ nbf: seconds(9 * MINUTE) })).toBe(401);
    await lookAt(10 * MINUTE);
    // One that was proven before, and one that was not.
    expect(await status({ exp: seconds(5 * MINUTE) })).toBe(401);
    expect(await status({ exp: seconds(6 * MINUTE) })).toBe(401);
    expect(await status({ exp: seconds(15 * MINUTE) })).toBe(200);
    expect(await status({ nbf: seconds(9 * MINUTE) })).toBe(200);
    await lookAt(0);
  });
});

/** HS256, made by hand. */
function tokenOf({ id, secret }: Key, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT', kid: id })}.${part(claims)}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}
