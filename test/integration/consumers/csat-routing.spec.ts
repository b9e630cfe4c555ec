import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { example } from '../../../sdk/event-examples.spec-kit.js';
import type { SwitchboardEvent } from '../../../sdk/index.js';
import { startApp, type StartedApp } from '../../support/app.js';
import { EventStream } from '../../support/stream.js';
import { startNats, testDatabase, type OwnServer, type TestDatabase } from '../../support/servers.js';
import { until } from '../../support/until.js';

const id = (): string => randomBytes(12).toString('hex');

/** Two whole processes on one database and one nats-server, so that each event could be acted on twice. */
describe('csat and routing', () => {
  let database: TestDatabase;
  let nats: OwnServer;
  let stream: EventStream;
  let apps: StartedApp[] = [];
  let appId: string;

  beforeAll(async () => {
    [database, nats] = await Promise.all([testDatabase(), startNats()]);
    stream = await EventStream.open(nats.url);
    const settings = {
      DATABASE_URL: database.url,
      NATS_URL: nats.url,
      SWITCHBOARD_MASTER_KEY: randomBytes(32).toString('hex'),
    };
    const first = await startApp({ settings });
    apps = [first];
    const { id: key, secret } = first.accountKey;
    apps.push(await startApp({ settings: { ...settings, SWITCHBOARD_ACCOUNT_KEY: `${key}:${secret}` } }));
    appId = (
      (await call('POST', '/v2/apps', { displayName: 'spec', settings: { csat: { waitSeconds: 3_600 } } })) as {
        app: { id: string };
      }
    ).app.id;
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await stream.close();
    await nats.stop();
    await database.drop();
  });

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const [app] = apps;
    if (!app) throw new Error('no app runs');
    const token = Buffer.from(`${app.accountKey.id}:${app.accountKey.secret}`).toString('base64');
    const answer = await fetch(app.url + path, {
      method,
      headers: { authorization: `Basic ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(answer.status).toBeLessThan(300);
    return answer.json();
  }
  const surveys = async () =>
    (
      (await call('GET', `/v2/apps/${appId}/surveys?page[size]=100`)) as {
        surveys: { sessionId: string; status: string }[];
      }
    ).surveys;
  const loads = async () =>
    (await call('GET', `/v2/apps/${appId}/routing/loads`)) as {
      loads: { id: string; openConversations: number }[];
      unheld: number;
      lastEnded: { sessionId: string } | null;
    };
  const publish = async (...events: readonly SwitchboardEvent[]): Promise<void> => {
    for (const event of events) await stream.publish(event);
  };

  it('writes one survey per session, due or suppressed, however often the event comes', async () => {
    const [due, suppressed] = [id(), id()];
    // Asked in an hour, so that nothing is due before the test is over.
    const { csat } = example('session.ended').data;
    const askAt = new Date(Date.now() + 3_600_000).toISOString();
    const common = { appId, conversationId: id(), csat: { ...csat, askAt } };
    const ended = example('session.ended', { ...common, sessionId: due }, id());
    const byRule = example(
      'session.ended',
      {
        ...common,
        sessionId: suppressed,
        endedBy: { type: 'system', id: null, via: 'automation' },
        endReason: 'automation',
        csat: { ...csat, eligible: false, suppressedBecause: 'not_in_send_on', askAt: null },
      },
      id(),
    );
    await publish(ended, byRule);
    for (let i = 0; i < 20; i += 1)
      await stream.raw(`${ended.type}.${appId}.x${i}`, JSON.stringify(ended), `again-${i}`);
    const last = example('session.ended', { ...common, sessionId: id() }, id());
    await publish(last);

    const found = await until(
      async () => {
        const all = await surveys();
        return all.length >= 3 && all;
      },
      { what: 'the surveys of three sessions' },
    );
    expect(found.filter(({ sessionId }) => sessionId === due)).toMatchObject([
      { status: 'due', kind: 'bot', suppressedBecause: null, channelHint: 'email', endedBy: 'end_user' },
    ]);
    expect(found.filter(({ sessionId }) => sessionId === suppressed)).toMatchObject([
      { status: 'suppressed', kind: 'bot', suppressedBecause: 'not_in_send_on' },
    ]);
    expect(found).toHaveLength(3);
  });

  it('pages surveys like every list, and shows them to no other app', async () => {
    const page = (await call('GET', `/v2/apps/${appId}/surveys?page[size]=2`)) as {
      surveys: { id: string }[];
      meta: { hasMore: boolean; afterCursor: string };
    };
    expect(page.surveys).toHaveLength(2);
    expect(page.meta.hasMore).toBe(true);
    const rest = (await call('GET', `/v2/apps/${appId}/surveys?page[after]=${page.meta.afterCursor}`)) as typeof page;
    expect(rest.surveys).toHaveLength(1);
    const other = (await call('POST', '/v2/apps', { displayName: 'other' })) as { app: { id: string } };
    expect(await call('GET', `/v2/apps/${other.app.id}/surveys`)).toMatchObject({ surveys: [] });
  });

  it('counts open conversations by their holder, and frees them at the end, in whatever order events come', async () => {
    const [faq, desk] = [id(), id()];
    const life = (): SwitchboardEvent[] => {
      const common = { appId, conversationId: id() };
      return [
        example('control.assigned', { ...common, seq: 2, to: faq }, id()),
        example('session.started', { ...common, seq: 3 }, id()),
        example('control.offered', { ...common, seq: 5, to: desk }, id()),
        example('control.accepted', { ...common, seq: 6, to: desk }, id()),
        example('control.released', { ...common, seq: 8 }, id()),
        example('session.ended', { ...common, seq: 9, sessionId: id() }, id()),
      ];
    };
    const [held, late, over, unheld] = [life(), life(), life(), life()];
    await publish(...held.slice(0, 2));
    await publish(...late.slice(0, 4).toReversed());
    await publish(...over.toReversed());
    await publish(...unheld.slice(0, 5));

    await until(
      async () => {
        const now = await loads();
        expect(now.loads.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
          [
            { id: faq, openConversations: 1 },
            { id: desk, openConversations: 1 },
          ].sort((a, b) => (a.id < b.id ? -1 : 1)),
        );
        expect(now.unheld).toBe(1);
        return true;
      },
      { what: 'the loads' },
    );
  });
});
