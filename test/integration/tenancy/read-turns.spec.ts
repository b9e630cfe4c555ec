import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Caller, startDesk, text, type Answered, type Desk } from '../../support/desk.js';
import { keepUnderWay } from '../../support/flood.js';

const MESSAGES = 100;
const READS = 40;

let desk: Desk;
let place: Awaited<ReturnType<Desk['conversation']>>;
beforeAll(async () => {
  desk = await startDesk();
  place = await desk.conversation();
  for (let n = 0; n < MESSAGES; n++) await desk.app.post(page(), text(`message ${n}`));
}, 60_000);
afterAll(() => desk?.close());

const page = (): string => `/conversations/${place.id}/messages`;

/** Reads and changes of somebody else, one after the other; answers those that were refused. */
async function refusedOf(caller: Caller): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  for (let n = 0; n < READS; n++) {
    answers.push(await caller.get('/switchboards'), await caller.get('/integrations'));
    answers.push(await caller.post('/users', { externalId: `somebody-${n}-${Math.random()}` }));
  }
  return answers.filter(({ status }) => status >= 300);
}

async function anotherApp(): Promise<Caller> {
  const { accountKey, url } = desk.started;
  const basic = ({ id, secret }: typeof accountKey) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const call = async (path: string, body: object) => {
    const headers = { authorization: basic(accountKey), 'content-type': 'application/json' };
    return (await fetch(`${url}/v2/apps${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const { app } = (await call('', { displayName: 'other' })) as { app: { id: string } };
  const { key } = (await call(`/${app.id}/keys`, { displayName: 'other' })) as { key: typeof accountKey };
  return new Caller(`${url}/v2/apps/${app.id}`, basic(key));
}

/** Asks for the page with a key of the account and cuts the connection without waiting for the answer. */
async function askAndLeave(afterMs: number): Promise<void> {
  const { accountKey, url } = desk.started;
  const { hostname, port } = new URL(url);
  const authorization = Buffer.from(`${accountKey.id}:${accountKey.secret}`).toString('base64');
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = `GET /v2/apps/${desk.appId}${page()} HTTP/1.1\r\nhost: here\r\nauthorization: Basic ${authorization}\r\n\r\n`;
  await new Promise((sent) => socket.write(head, sent));
  await sleep(afterMs);
  socket.destroy();
  await once(socket, 'close');
}

describe('while one caller reads as fast as it can', () => {
  it('another app is refused nothing, and the flood is told to slow down', async () => {
    const other = await anotherApp();
    const told = new Set<string | null>();
    const flood = keepUnderWay(60, async () => {
      const answer = await desk.app.get(page());
      if (answer.status === 503) told.add(answer.headers.get('retry-after'));
      return answer;
    });
    const refused = await refusedOf(other);
    await flood.stop();
    expect(refused).toEqual([]);
    expect([...flood.statuses.keys()].toSorted()).toEqual([200, 503]);
    expect([...told]).toEqual(['1']);
  });

  it('an end user refuses nothing to the keys of the same app', async () => {
    const user = desk.user(place.externalId);
    const flood = keepUnderWay(60, () => user.get(page()));
    const refused = await refusedOf(desk.app);
    await flood.stop();
    expect(refused).toEqual([]);
    expect(flood.statuses.get(503)).toBeGreaterThan(0);
  });

  it('its turns are given back by those who leave: afterwards it is read as ever', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => askAndLeave(n % 10)));
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.app.get(page())));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  });
});
