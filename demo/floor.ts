import { SignJWT } from 'jose';
import { request } from 'undici';
import { AgentAtWork } from './agent-at-work.js';
import { Api, ok, type ApiAnswer, type Json } from './api.js';
import { demoApp, type DemoApp } from './demo-app.js';
import { eventually, expectThat, say } from './telling.js';

/** A customer's conversation on one of the two channels. */
export interface Talk {
  readonly name: string;
  readonly conversationId: string;
  readonly sessionId: string;
  readonly user: Api;
  write(text: string): Promise<void>;
}

const WORKSPACE = 'demo-floor';

/** The demo app with an agent workspace, a queue, two channels and two agents. What is missing is made. */
export class Floor {
  private constructor(
    readonly url: string,
    private readonly app: DemoApp,
    private readonly admin: Api,
    private readonly channels: Readonly<Record<'tabs' | 'status', string>>,
    readonly mia: AgentAtWork,
    readonly ben: AgentAtWork,
  ) {}

  static async open(url: string, dataDir: string): Promise<Floor> {
    const app = demoApp(dataDir);
    const admin = Api.withKey(url, app.appKey);
    const base = `/v2/apps/${app.appId}`;
    await workspace(admin, base);
    const queueId = await named(admin, `${base}/queues`, 'queue', { name: 'demo-queue', pushTimeoutSeconds: 600 });
    const load = { kind: 'web_widget', tier: 'enhanced', weight: 2, queueId };
    const at = `${base}/serviceChannels`;
    const tabs = await named(admin, at, 'serviceChannel', { ...load, name: 'demo-tabs', capacityModel: 'tab_based' });
    const status = await named(admin, at, 'serviceChannel', {
      ...load,
      name: 'demo-status',
      capacityModel: 'status_based',
    });
    say(`app ${app.appId} on ${url}: an agent workspace, a queue, a tab-based and a status-based channel`);
    const [mia, ben] = [
      await AgentAtWork.hire(url, admin, base, 'Mia'),
      await AgentAtWork.hire(url, admin, base, 'Ben'),
    ];
    return new Floor(url, app, admin, { tabs, status }, mia, ben);
  }

  /** A customer writes; control passes to the workspace, where the session waits. */
  async begin(name: string, channel: 'tabs' | 'status'): Promise<Talk> {
    const { appId } = this.app;
    const externalId = `${name.toLowerCase()}-${Date.now()}`;
    ok(await this.admin.post(`/v2/apps/${appId}/users`, { externalId, profile: { givenName: name } }));
    const { conversation } = ok(
      await this.admin.post(`/v2/apps/${appId}/conversations`, {
        type: 'personal',
        participants: [{ userExternalId: externalId }],
        serviceChannelId: this.channels[channel],
      }),
    );
    const user = Api.withToken(`${this.url}/client/v1/apps/${appId}`, await token(this.app, externalId));
    const conversationId: string = conversation.id;
    const write = async (text: string) => {
      ok(await user.post(`/conversations/${conversationId}/messages`, { content: { type: 'text', text } }));
      say(`${name}: ${text}`);
    };
    const path = `/v2/apps/${appId}/conversations/${conversationId}/passControl`;
    ok(await this.admin.post(path, { switchboardIntegration: WORKSPACE }));
    await write('Hello, I need a human');
    const found = await eventually(async () => {
      const { sessions } = ok(
        await this.admin.get(`/v2/apps/${appId}/sessions?filter[userId]=${await this.idOf(externalId)}`),
      );
      return sessions[0] ?? null;
    }, `the session of ${name}`);
    return { name, conversationId, sessionId: found.id, user, write };
  }

  async session({ sessionId }: Talk): Promise<Json> {
    return ok(await this.admin.get(`/v2/apps/${this.app.appId}/sessions/${sessionId}`)).session;
  }

  async expectStatus(talk: Talk, status: string, what: string): Promise<void> {
    await eventually(
      async () => ((await this.session(talk)).status === status ? true : null),
      `${talk.name}: ${status}`,
    );
    expectThat(true, what);
  }

  endAll(talks: readonly Talk[]): Promise<ApiAnswer> {
    const sessionIds = talks.map(({ sessionId }) => sessionId);
    return this.admin.post(`/v2/apps/${this.app.appId}/sessions/endMany`, { sessionIds });
  }

  /** The demo app closes what has ended, so the survey is a link; its page answers for this session, once. */
  async rate(talk: Talk, stars: number): Promise<void> {
    const sent = await this.survey(talk, 'sent');
    const page = await request(sent.link);
    expectThat(page.statusCode === 200, 'the survey has a page of its own');
    await page.body.dump();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await (await request(sent.link, { method: 'POST', headers, body: `score=${stars}&comment=Thanks` })).body.dump();
    const { score } = await this.survey(talk, 'answered');
    expectThat(score === stars, `${talk.name} answers ${score} of 5`);
    expectThat((await this.session(talk)).status === 'ENDED', 'and the session stays ended');
    const { scores } = ok(await this.admin.get(`/v2/apps/${this.app.appId}/csat/scores?by=agent`));
    expectThat(JSON.stringify(scores).includes(this.mia.id), "it counts in Mia's score");
  }

  private survey({ sessionId }: Talk, status: string): Promise<Json> {
    return eventually(async () => {
      const { surveys } = ok(await this.admin.get(`/v2/apps/${this.app.appId}/surveys?page[size]=100`));
      return surveys.find((one: Json) => one.sessionId === sessionId && one.status === status) ?? null;
    }, `the survey: ${status}`);
  }

  async showTimeline({ name, conversationId }: Talk): Promise<void> {
    const { timeline } = ok(
      await this.admin.get(`/v2/apps/${this.app.appId}/conversations/${conversationId}/timeline`),
    );
    say(`\n  ${name}`);
    for (const { at, seq, type, data } of timeline) {
      const why = [data.reason, data.why, data.end?.reason].find((one) => typeof one === 'string') ?? '';
      const who = [this.mia, this.ben].find(({ id }) => id === data.agentId)?.name ?? '';
      say(
        `    ${at.slice(11, 23)}  seq ${String(seq).padStart(2)}  ${type.padEnd(20)} ${[who, why].filter(Boolean).join(', ')}`,
      );
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.mia.leave(), this.ben.leave()]);
  }

  private async idOf(externalId: string): Promise<string> {
    return ok(await this.admin.get(`/v2/apps/${this.app.appId}/users/${externalId}`)).user.id;
  }
}

async function workspace(admin: Api, base: string): Promise<void> {
  const { switchboards } = ok(await admin.get(`${base}/switchboards`));
  const path = `${base}/switchboards/${switchboards[0].id}/switchboardIntegrations`;
  const { switchboardIntegrations } = ok(await admin.get(path));
  if (switchboardIntegrations.some(({ name }: Json) => name === WORKSPACE)) return;
  ok(await admin.post(path, { name: WORKSPACE, integrationType: 'zd:agentWorkspace' }));
}

/** The one of this name, made when there is none. */
async function named(
  admin: Api,
  path: string,
  singular: string,
  body: { readonly name: string } & Json,
): Promise<string> {
  const all = ok(await admin.get(`${path}?page[size]=100`))[`${singular}s`];
  const known = all.find(({ name }: Json) => name === body.name);
  return (known ?? ok(await admin.post(path, body))[singular]).id;
}

function token({ appKey }: DemoApp, externalId: string): Promise<string> {
  return new SignJWT({ scope: 'user', external_id: externalId })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: appKey.id })
    .sign(Buffer.from(appKey.secret));
}
