import { Injectable } from '@nestjs/common';
import { ConfigurationChange, ConfigurationStore, type AppConfiguration, type Asked } from '../configuration/index.js';
import { Failure, parseId, type AppId, type IntegrationId, type WebhookId } from '../kernel/index.js';
import { newId } from '../platform/ids.js';
import type { Tx } from '../platform/postgres/index.js';
import { newWebhookSecret } from '../platform/secrets/index.js';
import { WebhooksStore, type Webhook, type WebhookFields } from './webhooks.store.js';

const MOST_OF_APP = 10;

export type NewWebhook = Pick<WebhookFields, 'target' | 'triggers'> & Partial<WebhookFields>;

/** Webhooks' settings: at most ten of an app, one of a custom integration (`sunco.md` 5). */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly webhooks: WebhooksStore,
    private readonly configurations: ConfigurationStore,
    private readonly change: ConfigurationChange,
  ) {}

  create(appId: AppId, integrationId: IntegrationId, webhook: NewWebhook, asked: Asked): Promise<Webhook> {
    return this.change.run(appId, asked, { action: 'webhook.create', secret: true }, async (tx, before) => {
      refuseSecondOfCustom(before, integrationId);
      const after = await this.add(tx, before, integrationId, webhook);
      return { answer: after, subject: after.id, before: null, after };
    });
  }

  /** Inside the change that also makes the integration. */
  async add(tx: Tx, before: AppConfiguration, integrationId: IntegrationId, fields: NewWebhook): Promise<Webhook> {
    if (before.webhooks.length >= MOST_OF_APP)
      throw new Failure('bad_request', `An app can have at most ${MOST_OF_APP} webhooks`);
    const webhook: Webhook = {
      id: newId<WebhookId>(),
      version: 'v2',
      secret: newWebhookSecret(),
      includeFullUser: false,
      includeFullSource: false,
      ...fields,
    };
    await this.webhooks.insert(tx, before.appId, integrationId, webhook);
    return webhook;
  }

  async list(appId: AppId, integrationId: IntegrationId): Promise<readonly Webhook[]> {
    await this.proveIntegration(appId, integrationId);
    return (await this.webhooks.of(appId, [integrationId])).get(integrationId) ?? [];
  }

  async get(appId: AppId, integrationId: IntegrationId, id: string): Promise<Webhook> {
    const webhook = await this.webhooks.find(appId, integrationId, webhookId(id));
    if (webhook === null) throw notFound();
    return webhook;
  }

  patch(
    appId: AppId,
    integrationId: IntegrationId,
    id: string,
    patch: Partial<WebhookFields>,
    asked: Asked,
  ): Promise<Webhook> {
    return this.change.run(appId, asked, { action: 'webhook.update' }, async (tx) => {
      const webhook = await this.webhooks.find(appId, integrationId, webhookId(id), tx);
      if (webhook === null) throw notFound();
      const patched = { ...webhook, ...patch };
      await this.webhooks.update(tx, appId, webhook.id, patched);
      return { answer: patched, subject: webhook.id, before: webhook, after: patched };
    });
  }

  /** What is not delivered yet stays undelivered: the lanes bury it, saying why. */
  async remove(appId: AppId, integrationId: IntegrationId, id: string, asked: Asked): Promise<void> {
    await this.change.run(appId, asked, { action: 'webhook.delete' }, async (tx) => {
      const webhook = await this.webhooks.find(appId, integrationId, webhookId(id), tx);
      if (webhook === null) throw notFound();
      await this.webhooks.remove(tx, appId, integrationId, webhook.id);
      return { answer: null, subject: webhook.id, before: webhook, after: null };
    });
  }

  private async proveIntegration(appId: AppId, id: IntegrationId): Promise<void> {
    const { integrations } = await this.configurations.current(appId);
    if (!integrations.has(id)) throw integrationNotFound();
  }
}

function refuseSecondOfCustom({ integrations, webhooks }: AppConfiguration, id: IntegrationId): void {
  const integration = integrations.get(id);
  if (integration === undefined) throw integrationNotFound();
  if (integration.type === 'custom' && webhooks.some(({ integrationId }) => integrationId === id))
    throw new Failure('bad_request', 'A custom integration can have only one webhook');
}

function webhookId(id: string): WebhookId {
  const parsed = parseId<WebhookId>(id);
  if (parsed === null) throw notFound();
  return parsed;
}

function notFound(): Failure {
  return new Failure('not_found', 'Resource not found');
}

export function integrationNotFound(): Failure {
  return new Failure('integration_not_found', 'Integration not found');
}
