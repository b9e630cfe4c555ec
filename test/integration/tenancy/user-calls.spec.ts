import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startDesk, type Answered, type Desk } from '../../support/desk.js';

/** Six at once, one each 1.7 seconds. */
const PER_MINUTE = 36;

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk({ server: { settings: { SWITCHBOARD_USER_CALLS_PER_MINUTE: String(PER_MINUTE) } } });
}, 60_000);
afterAll(() => desk?.close());

const ask = (externalId: string, times: number): Promise<Answered[]> =>
  Promise.all(Array.from({ length: times }, () => desk.user(externalId).get('/conversations')));

it('one end user who calls without end is told to slow down, and nobody else is', async () => {
  const answers = await ask('flood', 20);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(answers.length - refused.length).toBe(PER_MINUTE / 6);
  for (const { status, body } of refused) expect([status, body.errors[0].code]).toEqual([429, 'too_many_requests']);
  const [other, app] = [await ask('calm', 2), await desk.app.get('/sessions')];
  expect([...other, app].map(({ status }) => status)).toEqual([200, 200, 200]);
});
