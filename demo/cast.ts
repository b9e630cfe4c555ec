import { Api, ok, type Json } from './api.js';
import { BotProcess } from './bot-process.js';
import { demoApp } from './demo-app.js';
import { Listener, type Heard } from './listener-process.js';
import { eventually, say } from './telling.js';

/** Who takes part: the demo app's bots as processes of their own, and a listener on NATS in another one. */
export class Cast {
  private constructor(
    readonly url: string,
    readonly appId: string,
    readonly appKey: { readonly id: string; readonly secret: string },
    readonly admin: Admin,
    readonly faq: BotProcess,
    readonly desk: BotProcess,
    readonly survey: BotProcess,
    private readonly listener: Listener,
  ) {}

  static async gather(url: string, dataDir: string): Promise<Cast> {
    const { appId, appKey } = demoApp(dataDir);
    const admin = new Admin(Api.withKey(url, appKey), appId);
    say(`app ${appId} on ${url}; three bots and a listener start as processes of their own`);
    const [faq, desk, survey, listener] = await Promise.all([
      BotProcess.start('faq'),
      BotProcess.start('desk'),
      BotProcess.start('survey'),
      Listener.start(dataDir),
    ]);
    const cast = new Cast(url, appId, appKey, admin, faq, desk, survey, listener);
    await cast.hire();
    return cast;
  }

  /** `session.ended` of one session, as the listener read it off NATS. */
  endedEvents(sessionId: string): Heard[] {
    return this.listener.heard.filter((event) => event.data.sessionId === sessionId);
  }

  dismiss(): void {
    for (const bot of [this.faq, this.desk, this.survey]) bot.stop();
    this.listener.stop();
  }

  /** Points each bot's webhook at its process and gives the process a key. */
  private async hire(): Promise<void> {
    const switchboard = await this.admin.switchboard();
    for (const [bot, name, kind] of [
      [this.faq, 'faq-bot', 'bot'],
      [this.desk, 'desk', 'agent'],
      [this.survey, 'survey-bot', 'bot'],
    ] as const) {
      const integrationId = await this.admin.integration(switchboard, name, kind, bot.target);
      const { webhook, key } = await this.admin.engage(integrationId, bot.target);
      await bot.tell({ url: this.url, appId: this.appId, key, webhookSecret: webhook.secret });
    }
  }
}

/** What an administrator does with the app's key. */
export class Admin {
  constructor(
    readonly api: Api,
    private readonly appId: string,
  ) {}

  get(path: string) {
    return this.api.get(path);
  }

  patch(path: string, body: unknown) {
    return this.api.patch(path, body);
  }

  /** Reads until the answer is as it should be. */
  eventually(path: string, holds: (body: Json) => boolean, what: string): Promise<Json> {
    return eventually(async () => {
      const { body } = await this.api.get(path);
      return holds(body) ? body : null;
    }, what);
  }

  async switchboard(): Promise<string> {
    return ok(await this.api.get(`/v2/apps/${this.appId}/switchboards`)).switchboards[0].id;
  }

  /** The integration linked under this name; made and linked when the seed has none. */
  async integration(switchboardId: string, name: string, kind: string, target: string): Promise<string> {
    const links = `/v2/apps/${this.appId}/switchboards/${switchboardId}/switchboardIntegrations`;
    const { switchboardIntegrations } = ok(await this.api.get(links));
    const linked = switchboardIntegrations.find((link: Json) => link.name === name);
    if (linked) return linked.integrationId;
    const { integration } = ok(
      await this.api.post(`/v2/apps/${this.appId}/integrations`, {
        type: 'custom',
        displayName: name,
        webhooks: [{ target, triggers: ['conversation:message', 'switchboard:passControl'] }],
      }),
    );
    ok(await this.api.post(links, { name, integrationId: integration.id, kind, deliverStandbyEvents: false }));
    return integration.id;
  }

  async engage(integrationId: string, target: string): Promise<{ webhook: Json; key: Json }> {
    const path = `/v2/apps/${this.appId}/integrations/${integrationId}`;
    const { webhooks } = ok(await this.api.get(`${path}/webhooks`));
    const triggers = [
      'conversation:message',
      'switchboard:passControl',
      'switchboard:offerControl',
      'switchboard:acceptControl',
      'switchboard:releaseControl',
    ];
    const body = { target, triggers };
    const { webhook } = webhooks[0]
      ? ok(await this.api.patch(`${path}/webhooks/${webhooks[0].id}`, body))
      : ok(await this.api.post(`${path}/webhooks`, body));
    return { webhook, key: await this.freshKey(path) };
  }

  /** A key's secret is shown once, so each run takes a new key and removes the demo's earlier ones. */
  private async freshKey(path: string): Promise<Json> {
    const { keys } = ok(await this.api.get(`${path}/keys`));
    for (const key of keys) if (key.displayName === 'demo run') ok(await this.api.delete(`${path}/keys/${key.id}`));
    return ok(await this.api.post(`${path}/keys`, { displayName: 'demo run' })).key;
  }
}
