import { Injectable } from '@nestjs/common';
import { askedByHouse } from '../configuration/index.js';
import { ConversationCommands, granted } from '../conversation/index.js';
import { UsersService } from '../directory/index.js';
import { IntegrationsService } from '../integrations/index.js';
import type { AppId, ConversationId, IntegrationId, KeyId, UserId } from '../kernel/index.js';
import { newId } from '../platform/ids.js';
import { inApps } from '../platform/postgres/index.js';
import { SwitchboardIntegrationsService, SwitchboardsService } from '../switchboards/index.js';
import { AppsService, KeysService } from '../tenancy/index.js';
import type { DemoFile, DemoIntegration } from './demo.file.js';

/** Nobody listens there until `npm run demo` points the webhooks at its own bots. */
const NOWHERE = 'http://127.0.0.1:9/';

const SETTINGS = { multiConvoEnabled: true, disableConversationReopen: true, endSessionEnabled: true } as const;

/** Makes an app to try things with, by the very services that the API calls. */
@Injectable()
export class DemoSeed {
  constructor(
    private readonly apps: AppsService,
    private readonly keys: KeysService,
    private readonly integrations: IntegrationsService,
    private readonly switchboards: SwitchboardsService,
    private readonly links: SwitchboardIntegrationsService,
    private readonly users: UsersService,
    private readonly commands: ConversationCommands,
  ) {}

  async plant(): Promise<DemoFile> {
    const { id } = await this.apps.create({ displayName: 'Demo', settings: SETTINGS }, askedByHouse);
    return inApps([id], () => this.furnish(id));
  }

  private async furnish(appId: AppId): Promise<DemoFile> {
    const appKey = await this.keys.create({ scope: 'app', appId }, 'demo', askedByHouse);
    const { id: switchboardId } = await this.switchboards.create(appId, askedByHouse);
    const desk = await this.hire(appId, switchboardId, 'desk', 'agent', null);
    const faq = await this.hire(appId, switchboardId, 'faq-bot', 'bot', desk.switchboardIntegrationId);
    const web = await this.integrations.create(appId, { type: 'web', displayName: 'Website' }, askedByHouse);
    const enabled = { enabled: true, defaultSwitchboardIntegrationId: faq.switchboardIntegrationId };
    await this.switchboards.patch(appId, switchboardId, enabled, askedByHouse);
    const externalId = `demo-${newId()}`;
    const user = await this.users.create(appId, { externalId, profile: { givenName: 'Robin' } }, null);
    return {
      appId,
      appKey: { id: appKey.id, secret: appKey.secret },
      switchboardId,
      integrations: { 'faq-bot': faq, desk },
      webIntegrationId: web.id,
      user: { id: user.id, externalId },
      conversationId: await this.converse(appId, user.id, appKey.id as KeyId),
    };
  }

  private async hire(
    appId: AppId,
    switchboardId: string,
    name: 'faq-bot' | 'desk',
    kind: 'bot' | 'agent',
    next: string | null,
  ): Promise<DemoIntegration> {
    const webhooks = [{ target: NOWHERE, triggers: ['conversation:message', 'switchboard:passControl'] }];
    const { id } = await this.integrations.create(appId, { type: 'custom', displayName: name, webhooks }, askedByHouse);
    const { id: keyId, secret } = await this.keys.create(
      { scope: 'integration', appId, integrationId: id },
      name,
      askedByHouse,
    );
    const body = { name, integrationId: id satisfies IntegrationId, kind, nextSwitchboardIntegrationId: next };
    const link = await this.links.create(appId, switchboardId, body, askedByHouse);
    return { integrationId: id, switchboardIntegrationId: link.id, key: { id: keyId, secret } };
  }

  private async converse(appId: AppId, userId: UserId, keyId: KeyId): Promise<ConversationId> {
    const opening = {
      type: 'personal',
      userId,
      participants: [userId],
      displayName: null,
      description: null,
      iconUrl: null,
      metadata: {},
    } as const;
    const answer = granted(await this.commands.open(appId, { type: 'app', keyId }, opening, null));
    return (answer.created as { readonly id: ConversationId }).id;
  }
}
