import { Injectable } from '@nestjs/common';
import {
  ConfigurationChange,
  type AppConfiguration,
  type Asked,
  type IntegrationSummary,
} from '../configuration/index.js';
import type { ControllerKind, HolderDeadlines } from '../conversation/core/index.js';
import { Failure, type AppId, type IntegrationId, type SwitchboardIntegrationId } from '../kernel/index.js';
import { IntegrationsService, IntegrationsStore } from '../integrations/index.js';
import { newId } from '../platform/ids.js';
import type { Tx } from '../platform/postgres/index.js';
import { linkNotFound, MOST_LINKS, nextOf, refuseLink, refuseNeeded } from './switchboard-integration.rules.js';
import { named } from './switchboards.service.js';
import { SwitchboardsStore, type LinkRecord } from './switchboards.store.js';
import { linkView, type LinkView } from './views.js';

export interface LinkPatch {
  readonly name?: string;
  readonly integrationId?: string;
  readonly integrationType?: string;
  readonly kind?: ControllerKind;
  readonly deliverStandbyEvents?: boolean;
  readonly nextSwitchboardIntegrationId?: string | null;
  readonly messageHistoryCount?: number | null;
  readonly holderDeadlineSeconds?: number | null;
  readonly replyDeadlineSeconds?: number | null;
  readonly replyDeadlineAction?: HolderDeadlines['replyAction'];
}

/** What a webhook receiver is waited for that never said otherwise (R14). */
const HOLDER_SECONDS = 30;
const AGENT_WORKSPACE = 'zd:agentWorkspace';

/** Switchboard integrations: who can hold control (`docs/wire.md` 6.2). */
@Injectable()
export class SwitchboardIntegrationsService {
  constructor(
    private readonly switchboards: SwitchboardsStore,
    private readonly integrations: IntegrationsService,
    private readonly integrationRows: IntegrationsStore,
    private readonly change: ConfigurationChange,
  ) {}

  create(
    appId: AppId,
    switchboardId: string,
    link: LinkPatch & { readonly name: string },
    asked: Asked,
  ): Promise<LinkView> {
    return this.change.run(appId, asked, { action: 'switchboardIntegration.create' }, async (tx, before) => {
      const switchboard = named(switchboardId, before.switchboard);
      if (switchboard.integrations.length >= MOST_LINKS) throw tooMany();
      const integration = await this.linked(tx, link, before);
      const made: LinkRecord = {
        id: newId<SwitchboardIntegrationId>(),
        name: link.name,
        integrationId: integration.id,
        integrationType: integration.type,
        kind: link.kind ?? (integration.type === AGENT_WORKSPACE ? 'agent' : 'bot'),
        deliverStandbyEvents: link.deliverStandbyEvents ?? true,
        nextId: nextOf(link.nextSwitchboardIntegrationId ?? null, switchboard),
        messageHistoryCount: link.messageHistoryCount ?? null,
        holderDeadlineSeconds: link.holderDeadlineSeconds === undefined ? HOLDER_SECONDS : link.holderDeadlineSeconds,
        replyDeadlineSeconds: link.replyDeadlineSeconds ?? null,
        replyDeadlineAction: link.replyDeadlineAction ?? 'warn',
      };
      refuseLink(made, switchboard);
      await this.switchboards.link(tx, appId, switchboard.id, made);
      const after = linkView(made);
      return { answer: after, subject: made.id, before: null, after };
    });
  }

  async list(appId: AppId, switchboardId: string): Promise<LinkView[]> {
    named(switchboardId, await this.switchboards.of(appId));
    return (await this.switchboards.links(appId)).map(linkView);
  }

  async get(appId: AppId, switchboardId: string, id: string): Promise<LinkView> {
    const link = (await this.list(appId, switchboardId)).find((one) => one.id === id);
    if (link === undefined) throw linkNotFound();
    return link;
  }

  patch(appId: AppId, switchboardId: string, id: string, patch: LinkPatch, asked: Asked): Promise<LinkView> {
    return this.change.run(appId, asked, { action: 'switchboardIntegration.update' }, async (tx, before) => {
      const switchboard = named(switchboardId, before.switchboard);
      const link = (await this.switchboards.links(appId, tx)).find((one) => one.id === id);
      if (link === undefined) throw linkNotFound();
      const { integrationId, integrationType, nextSwitchboardIntegrationId: next, ...fields } = patch;
      const other = integrationId !== undefined || integrationType !== undefined;
      const integration = other ? await this.linked(tx, patch, before) : null;
      const patched: LinkRecord = {
        ...link,
        ...fields,
        ...(integration && { integrationId: integration.id, integrationType: integration.type }),
        ...(next !== undefined && { nextId: nextOf(next, switchboard) }),
      };
      refuseLink(patched, switchboard);
      await this.switchboards.relink(tx, appId, patched);
      const after = linkView(patched);
      return { answer: after, subject: link.id, before: linkView(link), after };
    });
  }

  async remove(appId: AppId, switchboardId: string, id: string, asked: Asked): Promise<void> {
    await this.change.run(appId, asked, { action: 'switchboardIntegration.delete' }, async (tx, before) => {
      named(switchboardId, before.switchboard);
      const link = (await this.switchboards.links(appId, tx)).find((one) => one.id === id);
      if (link === undefined) throw linkNotFound();
      refuseNeeded(link.id, before);
      await this.integrationRows.forgetResponders(tx, appId, [link.id]);
      await this.switchboards.unlink(tx, appId, link.id);
      return { answer: null, subject: link.id, before: linkView(link), after: null };
    });
  }

  /**
   * The integration that a body names by exactly one of id and type. A type is a partner's (an OAuth client id, or such
   * as `zd:agentWorkspace`): its integration is made when the app has none that is free.
   */
  private async linked(
    tx: Tx,
    { integrationId, integrationType }: LinkPatch,
    before: AppConfiguration,
  ): Promise<Linked> {
    if ((integrationId === undefined) === (integrationType === undefined))
      throw new Failure('bad_request', 'Exactly one of integrationId and integrationType should be given');
    if (integrationType === undefined) {
      const integration = before.integrations.get(integrationId as IntegrationId);
      if (integration === undefined) throw new Failure('integration_not_found', 'Integration not found');
      return integration;
    }
    if (integrationType === 'custom')
      throw new Failure('bad_request', 'A custom integration is linked by its integrationId');
    return freeOf(integrationType, before) ?? this.integrations.add(tx, before.appId, integrationType, null);
  }
}

type Linked = Pick<IntegrationSummary, 'id' | 'type'>;

function freeOf(type: string, { integrations, switchboard }: AppConfiguration): Linked | undefined {
  const taken = new Set(switchboard?.integrations.map(({ integrationId }) => integrationId));
  return [...integrations.values()].find((one) => one.type === type && !taken.has(one.id));
}

function tooMany(): Failure {
  const title = `Switchboard has reached the max number of switchboard integrations (${MOST_LINKS})`;
  return new Failure('too_many_switchboard_integrations', title);
}
