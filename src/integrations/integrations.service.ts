import { Injectable } from '@nestjs/common';
import {
  ConfigurationChange,
  ConfigurationStore,
  isOwnChannel,
  type AppConfiguration,
  type Asked,
} from '../configuration/index.js';
import { Failure, parseId, type AppId, type IntegrationId, type SwitchboardIntegrationId } from '../kernel/index.js';
import type { Page } from '../platform/http/index.js';
import { newId } from '../platform/ids.js';
import type { Tx } from '../platform/postgres/index.js';
import { KeyRing } from '../tenancy/index.js';
import { patchedChannel, type ChannelSettings } from './channel-settings.js';
import { integrationView, type IntegrationView } from './integration-view.js';
import { IntegrationsStore, type IntegrationRecord } from './integrations.store.js';
import { integrationNotFound, WebhooksService, type NewWebhook, type WebhookPatch } from './webhooks.service.js';
import { WebhooksStore, type Webhook } from './webhooks.store.js';

/** With the settings of a channel beside these, each under its own name. */
export interface IntegrationPatch {
  readonly displayName?: string | null;
  readonly defaultResponderId?: string | null;
}

export interface ChangedIntegration extends IntegrationPatch {
  /** Changes the one webhook of a custom integration. */
  readonly webhooks?: readonly WebhookPatch[];
}

export interface NewIntegration extends IntegrationPatch {
  readonly type: string;
  /** Exactly one, of a custom integration. */
  readonly webhooks?: readonly NewWebhook[];
}

@Injectable()
export class IntegrationsService {
  constructor(
    private readonly integrations: IntegrationsStore,
    private readonly webhooks: WebhooksStore,
    private readonly webhooksService: WebhooksService,
    private readonly configurations: ConfigurationStore,
    private readonly change: ConfigurationChange,
    private readonly ring: KeyRing,
  ) {}

  create(appId: AppId, { type, webhooks = [], ...fields }: NewIntegration, asked: Asked): Promise<IntegrationView> {
    const [webhook] = webhooks;
    if (type !== 'custom' && webhook !== undefined)
      throw new Failure('bad_request', 'webhooks should be left out: only custom integrations have one of their own');
    if (type === 'custom' && webhook === undefined)
      throw new Failure('bad_request', "should have required property 'webhooks'");
    if (type !== 'custom' && !isOwnChannel(type)) throw new Failure('bad_request', 'Invalid integration type');
    return this.change.run(appId, asked, { action: 'integration.create', secret: true }, async (tx, before) => {
      const integration = patched({ ...unsaid, id: newId(), type }, fields, before);
      await this.integrations.insert(tx, appId, integration);
      const hooks =
        type !== 'custom' || webhook === undefined
          ? []
          : [await this.webhooksService.add(tx, before, integration.id, webhook)];
      const after = integrationView(integration, hooks, before);
      return { answer: after, subject: integration.id, before: null, after };
    });
  }

  /** Inside a change: also the record of a partner's integration, which is linked by its type (`docs/wire.md` 6.2). */
  async add(tx: Tx, appId: AppId, type: string, displayName: string | null): Promise<IntegrationRecord> {
    const integration = { ...unsaid, id: newId<IntegrationId>(), type, displayName };
    await this.integrations.insert(tx, appId, integration);
    return integration;
  }

  async page(appId: AppId, types: readonly string[] | null, page: Page): Promise<IntegrationView[]> {
    const found = await this.integrations.page(appId, types, page);
    const [webhooks, configuration] = await Promise.all([
      this.webhooks.of(
        appId,
        found.map(({ id }) => id),
      ),
      this.configurations.current(appId),
    ]);
    return found.map((one) => integrationView(one, webhooks.get(one.id) ?? [], configuration));
  }

  async get(appId: AppId, id: string): Promise<IntegrationView> {
    const integration = await this.find(appId, id);
    const webhooks = await this.webhooks.of(appId, [integration.id]);
    return integrationView(integration, webhooks.get(integration.id) ?? [], await this.configurations.current(appId));
  }

  async find(appId: AppId, id: string, tx?: Tx): Promise<IntegrationRecord> {
    const parsed = parseId<IntegrationId>(id);
    const integration = parsed && (await this.integrations.find(appId, parsed, tx));
    if (!integration) throw integrationNotFound();
    return integration;
  }

  patch(
    appId: AppId,
    id: string,
    { webhooks: [hook] = [], ...patch }: ChangedIntegration,
    asked: Asked,
  ): Promise<IntegrationView> {
    return this.change.run(appId, asked, { action: 'integration.update', secret: true }, async (tx, before) => {
      const integration = await this.find(appId, id, tx);
      const after = patched(integration, patch, before);
      await this.integrations.update(tx, appId, after);
      const were = (await this.webhooks.of(appId, [integration.id], tx)).get(integration.id) ?? [];
      const webhooks = hook === undefined ? were : [await this.patchWebhook(tx, appId, integration, were, hook)];
      const answer = integrationView(after, webhooks, before);
      if (hook === undefined) return { answer, subject: integration.id, before: integration, after };
      const changed = { before: { ...integration, webhooks: were }, after: { ...after, webhooks } };
      return { answer, subject: integration.id, ...changed };
    });
  }

  private patchWebhook(
    tx: Tx,
    appId: AppId,
    { type }: IntegrationRecord,
    [webhook]: readonly Webhook[],
    patch: WebhookPatch,
  ): Promise<Webhook> {
    if (type !== 'custom') throw webhooksOfChannel();
    if (webhook === undefined)
      throw new Failure('bad_request', 'webhooks: the integration has none any more; POST one to its webhooks');
    return this.webhooksService.apply(tx, appId, webhook, patch);
  }

  /** One that others rely on, as default or as next, stays until they no longer do. */
  async remove(appId: AppId, id: string, asked: Asked): Promise<void> {
    const removed = await this.change.run(appId, asked, { action: 'integration.delete' }, async (tx, before) => {
      const integration = await this.find(appId, id, tx);
      const link = before.switchboard?.integrations.find((one) => one.integrationId === integration.id);
      if (link !== undefined) {
        refuseNeeded(link.id, before);
        await this.integrations.forgetResponders(tx, appId, [link.id]);
      }
      await this.integrations.remove(tx, appId, integration.id);
      return { answer: integration.id, subject: integration.id, before: integration, after: null };
    });
    this.ring.forgetWhere((key) => key.scope === 'integration' && key.integrationId === removed);
  }
}

function webhooksOfChannel(): Failure {
  return new Failure('bad_request', 'webhooks belong to custom integrations; those of a channel are made one by one');
}

/** What an integration has before anything was said of it. */
const unsaid = { status: 'active', displayName: null, defaultResponderId: null, settings: {} } as const;

/** Merges: what is not named keeps its value. What it names is the app's own. */
function patched(
  integration: IntegrationRecord,
  { displayName, defaultResponderId, ...settings }: IntegrationPatch,
  configuration: AppConfiguration,
): IntegrationRecord {
  if (defaultResponderId !== undefined) refuseResponder(integration, defaultResponderId, configuration);
  const changed = patchedChannel(integration.type, integration.settings, settings);
  refuseStrangers(patchedChannel(integration.type, {}, settings), configuration);
  return {
    ...integration,
    ...(displayName !== undefined && { displayName }),
    ...(defaultResponderId !== undefined && {
      defaultResponderId: defaultResponderId as SwitchboardIntegrationId | null,
    }),
    settings: changed,
  };
}

/** An integration that went since it was put in order is no reason to refuse: only what is said anew is looked for. */
function refuseStrangers(settings: ChannelSettings, { integrations }: AppConfiguration): void {
  const order = (settings['integrationOrder'] ?? []) as readonly IntegrationId[];
  if (order.every((id) => integrations.has(id))) return;
  throw new Failure('integration_not_found', 'integrationOrder should have only integrations of the app');
}

function refuseResponder({ type }: IntegrationRecord, id: string | null, { switchboard }: AppConfiguration): void {
  if (id === null) return;
  if (type === 'custom') throw new Failure('bad_request', 'A custom integration has no default responder');
  if (switchboard?.integrations.some((link) => link.id === id)) return;
  throw new Failure('switchboard_integration_not_found', 'SwitchboardIntegration not found');
}

function refuseNeeded(id: SwitchboardIntegrationId, { switchboard }: AppConfiguration): void {
  if (switchboard?.defaultId !== id && !switchboard?.integrations.some(({ nextId }) => nextId === id)) return;
  throw new Failure('bad_request', 'The integration is linked as the default, or as the next of another one');
}
