import { Injectable } from '@nestjs/common';
import { ConfigurationChange, ConfigurationStore, type AppConfiguration, type Asked } from '../configuration/index.js';
import { Failure, parseId, type AppId, type IntegrationId, type WebhookId } from '../kernel/index.js';
import { isoTime } from '../platform/clock/index.js';
import { newId } from '../platform/ids.js';
import type { Tx } from '../platform/postgres/index.js';
import { newWebhookSecret } from '../platform/secrets/index.js';
import { WebhookSecretsStore } from './webhook-secrets.store.js';
import { WebhooksStore, type Webhook, type WebhookFields } from './webhooks.store.js';

const MOST_OF_APP = 10;
/** Each of them signs, and a receiver may be asked once for each. */
const MOST_OLD_SECRETS = 3;

/** Whoever asks for a `secret` is told that there is none to be chosen. */
export type WebhookPatch = Partial<WebhookFields> & { readonly secret?: string };
export type NewWebhook = Pick<WebhookFields, 'target' | 'triggers'> & WebhookPatch;

export interface RotatedSecret {
  readonly webhook: Webhook;
  /** `null`: no old one is good any more. */
  readonly oldSecretExpiresAt: string | null;
}

/** Webhooks' settings: at most ten of an app, one of a custom integration (`docs/wire.md` 5). */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly webhooks: WebhooksStore,
    private readonly secrets: WebhookSecretsStore,
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
  async add(
    tx: Tx,
    before: AppConfiguration,
    integrationId: IntegrationId,
    { secret: asked, ...fields }: NewWebhook,
  ): Promise<Webhook> {
    if (asked !== undefined) throw new Failure('bad_request', 'secret cannot be chosen: it is made with the webhook');
    if (before.webhooks.length >= MOST_OF_APP)
      throw new Failure('bad_request', `An app can have at most ${MOST_OF_APP} webhooks`);
    const webhook = told({
      id: newId<WebhookId>(),
      version: 'v2',
      secret: newWebhookSecret(),
      includeFullUser: false,
      includeFullSource: false,
      ...fields,
    });
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

  patch(appId: AppId, integrationId: IntegrationId, id: string, patch: WebhookPatch, asked: Asked): Promise<Webhook> {
    return this.change.run(appId, asked, { action: 'webhook.update', secret: true }, async (tx) => {
      const webhook = await this.find(tx, appId, integrationId, id);
      const patched = await this.apply(tx, appId, webhook, patch);
      return { answer: patched, subject: webhook.id, before: webhook, after: patched };
    });
  }

  /** Inside a change, which may be one of its integration. What a webhook was read with may be sent back. */
  async apply(tx: Tx, appId: AppId, webhook: Webhook, { secret, ...fields }: WebhookPatch): Promise<Webhook> {
    if (secret !== undefined && secret !== webhook.secret)
      throw new Failure('bad_request', 'secret cannot be set: POST to rotateSecret of the webhook makes a new one');
    const patched = told({ ...webhook, ...fields });
    await this.webhooks.update(tx, appId, webhook.id, patched);
    return patched;
  }

  /** The old secret signs beside the new one until it expires. */
  rotateSecret(
    appId: AppId,
    integrationId: IntegrationId,
    id: string,
    overlapSeconds: number,
    asked: Asked,
  ): Promise<RotatedSecret> {
    return this.change.run(appId, asked, { action: 'webhook.rotateSecret', secret: true }, async (tx) => {
      const webhook = await this.find(tx, appId, integrationId, id);
      if (overlapSeconds > 0 && (await this.secrets.overlapping(tx, appId, webhook.id)) >= MOST_OLD_SECRETS)
        throw new Failure('conflict', 'Too many old secrets of the webhook are good still: wait until one expires');
      const rotated = { ...webhook, secret: newWebhookSecret() };
      const expires = await this.secrets.replace(tx, appId, webhook, rotated.secret, overlapSeconds * 1000);
      const oldSecretExpiresAt = expires && isoTime(expires);
      const after = { ...rotated, oldSecretExpiresAt };
      return { answer: { webhook: rotated, oldSecretExpiresAt }, subject: webhook.id, before: webhook, after };
    });
  }

  /** What is not delivered yet stays undelivered: the lanes bury it, saying why. */
  async remove(appId: AppId, integrationId: IntegrationId, id: string, asked: Asked): Promise<void> {
    await this.change.run(appId, asked, { action: 'webhook.delete' }, async (tx) => {
      const webhook = await this.find(tx, appId, integrationId, id);
      await this.webhooks.remove(tx, appId, integrationId, webhook.id);
      return { answer: null, subject: webhook.id, before: webhook, after: null };
    });
  }

  private async find(tx: Tx, appId: AppId, integrationId: IntegrationId, id: string): Promise<Webhook> {
    const webhook = await this.webhooks.find(appId, integrationId, webhookId(id), tx);
    if (webhook === null) throw notFound();
    return webhook;
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

/** Strict clients know no policy: it is told where there is one. */
function told({ retryPolicy, ...webhook }: Webhook): Webhook {
  return retryPolicy ? { ...webhook, retryPolicy } : webhook;
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
