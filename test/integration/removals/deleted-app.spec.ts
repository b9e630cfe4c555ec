import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { sql } from 'kysely';
import { Db } from '../../../src/platform/postgres/index.js';
import { testNats } from '../../support/servers.js';
import { until } from '../../support/until.js';
import { webhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.js';
import { basic, made, openStage, type Answer, type Caller, type Stage, type Tenant } from '../tenancy/stage.js';
import { unbound } from '../../support/unbound.js';

const SETTINGS = {
  multiConvoEnabled: true,
  endSessionEnabled: true,
  disableConversationReopen: true,
  onEnd: { system: 'pass:survey' },
};

interface Talk {
  readonly id: string;
  readonly userId: string;
}

/** What the stream is told, as its consumers hear it. */
interface Heard {
  readonly subject: string;
  readonly data: { readonly endedBy?: { readonly type: string }; readonly endReason?: string };
}

describe('an app that is deleted', () => {
  let stage: Stage;
  let nats: NatsConnection;
  let hears: WebhookReceiver;
  const heard: Heard[] = [];

  beforeAll(async () => {
    stage = await openStage({ settings: { SWITCHBOARD_WEBHOOK_ALLOW: '127.0.0.0/8' } });
    hears = await webhookReceiver();
    nats = await connect({ servers: testNats().url });
    const told = nats.subscribe('switchboard.v1.session.ended.>');
    void (async () => {
      for await (const { subject, data } of told)
        heard.push({ subject, data: JSON.parse(new TextDecoder().decode(data)).data });
    })();
    await nats.flush();
  });
  afterAll(async () => {
    await nats.close();
    await stage.close();
    await hears.close();
  });

  const ends = (id: string): readonly Heard[] => heard.filter(({ subject }) => subject.endsWith(id));

  async function furnished(): Promise<{ readonly tenant: Tenant; readonly bot: Caller }> {
    const tenant = await stage.tenant(SETTINGS);
    const { switchboard } = made(await tenant.caller.post(`${tenant.path}/switchboards`));
    const at = `${tenant.path}/switchboards/${switchboard.id}`;
    const seats = await Promise.all(['bot', 'survey'].map((name) => tenant.bot(name)));
    const [first] = await Promise.all(
      seats.map(async ({ id }, n) => {
        const body = { name: n === 0 ? 'bot' : 'survey', integrationId: id };
        return made(await tenant.caller.post(`${at}/switchboardIntegrations`, body)).switchboardIntegration;
      }),
    );
    await tenant.caller.patch(at, { enabled: true, defaultSwitchboardIntegrationId: first.id });
    const hooks = `${tenant.path}/integrations/${seats[0]?.id}/webhooks/${seats[0]?.webhook.id}`;
    await tenant.caller.patch(hooks, { target: hears.url, triggers: ['*'] });
    return { tenant, bot: (seats[0] as { caller: Caller }).caller };
  }

  async function talk({ path, caller }: Tenant): Promise<Talk> {
    const { user } = made(await caller.post(`${path}/users`, { profile: { givenName: 'Ana' } }));
    const body = { type: 'personal', participants: [{ userId: user.id }] };
    const { conversation } = made(await caller.post(`${path}/conversations`, body));
    await write({ path, caller }, { id: conversation.id, userId: user.id });
    return { id: conversation.id, userId: user.id };
  }

  const write = ({ path, caller }: Pick<Tenant, 'path' | 'caller'>, { id, userId }: Talk): Promise<Answer> =>
    caller.post(`${path}/conversations/${id}/messages`, {
      author: { type: 'user', userId },
      content: { type: 'text', text: 'remember me' },
    });

  const removal = (appId: string) =>
    until(
      async () => {
        const { removals } = (await stage.account.get('/v2/removals?page[size]=100')).body;
        return removals.find(
          (one: { appId: string; state: string }) => one.appId === appId && one.state === 'finished',
        );
      },
      { what: `app ${appId} to be gone` },
    );

  /** Tables with rows of the app, or of its conversations; the audit log outlives it, and its announcements age. */
  async function tablesWith(appId: string, ids: readonly string[]): Promise<readonly string[]> {
    const kysely = unbound(stage.started.app.get(Db));
    const { rows: tables } = await sql<{ name: string }>`
      SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
        AND NOT relispartition AND relname NOT IN ('audit_entry', 'audit_chain', 'outbox', 'removal')`.execute(kysely);
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows } = await sql`
        SELECT FROM ${sql.table(name)} t WHERE t::text ~ ${[appId, ...ids].join('|')} LIMIT 1`.execute(kysely);
      if (rows.length > 0) found.push(name);
    }
    return found;
  }

  it('ends each live session once, lets its bots hear of it, and goes whole; another app stays as it is', async () => {
    const { tenant, bot } = await furnished();
    const neighbour = await furnished();
    const kept = await talk(neighbour.tenant);
    const talks = [await talk(tenant), await talk(tenant), await talk(tenant)];
    const [, , ending] = talks as [Talk, Talk, Talk];
    const { sessions } = (await tenant.caller.get(`${tenant.path}/sessions?filter[userId]=${ending.userId}`)).body;
    await tenant.caller.post(`${tenant.path}/sessions/${sessions[0].id}/end`, {});
    expect(ends(ending.id)).toEqual([]);

    expect(await stage.account.delete(tenant.path)).toEqual({ status: 200, body: {} });

    for (const caller of [tenant.caller, bot, stage.as(basic(tenant.key))])
      expect([401, 404]).toContain((await caller.get(tenant.path)).status);
    const paths = ['', '/conversations', '/users', '/sessions', '/switchboards', '/removals', '/keys', '/audit'];
    for (const path of paths)
      expect([path, (await stage.account.get(`${tenant.path}${path}`)).status]).toEqual([path, 404]);
    expect((await write({ path: tenant.path, caller: stage.account }, talks[0] as Talk)).status).toBe(404);
    expect((await stage.account.delete(tenant.path)).status).toBe(404);
    expect(
      (await stage.account.get('/v2/apps?page[size]=100')).body.apps.map(({ id }: { id: string }) => id),
    ).not.toContain(tenant.id);

    expect(await removal(tenant.id)).toMatchObject({
      kind: 'app',
      subjectId: tenant.id,
      total: 3,
      done: 3,
      settled: 3,
      failed: 0,
    });
    for (const { id } of talks) {
      await until(() => ends(id).length > 0, { what: 'the end to be announced' });
      const last = hears.received.findLast(({ event }) => event.payload.conversation.id === id);
      expect(last?.event.type).not.toBe('conversation:create');
      expect(
        hears.received
          .filter(({ event }) => event.payload.conversation.id === id)
          .map(({ event }) => event.payload.message?.source?.type),
      ).toContain('system');
    }
    expect(talks.map(({ id }) => ends(id).map(({ data }) => [data.endedBy?.type, data.endReason]))).toEqual([
      [['system', 'app_deleted']],
      [['system', 'app_deleted']],
      [['system', 'automation']],
    ]);
    expect(
      await tablesWith(
        tenant.id,
        talks.map(({ id }) => id),
      ),
    ).toEqual([]);

    expect(ends(kept.id)).toEqual([]);
    expect((await write(neighbour.tenant, kept)).status).toBe(201);
    expect((await neighbour.tenant.caller.get(neighbour.tenant.path)).status).toBe(200);
  });
});
