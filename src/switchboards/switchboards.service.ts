import { Injectable } from '@nestjs/common';
import { ConfigurationChange } from '../configuration/index.js';
import type { ControlEnforcement } from '../conversation/core/index.js';
import { Failure, type AppId, type SwitchboardId } from '../kernel/index.js';
import { IntegrationsStore } from '../integrations/index.js';
import type { IdempotencyKey } from '../ledger/index.js';
import { newId } from '../platform/ids.js';
import { linkNotFound } from './switchboard-integration.rules.js';
import { SwitchboardsStore, type SwitchboardRecord } from './switchboards.store.js';
import { switchboardView, type SwitchboardView } from './views.js';

export interface SwitchboardPatch {
  readonly enabled?: boolean;
  readonly defaultSwitchboardIntegrationId?: string | null;
  readonly controlEnforcement?: ControlEnforcement;
  readonly offerExpirySeconds?: number | null;
}

/** The switchboard of an app: one at most (`sunco.md` 6.1). Disabled, it is set up but decides nothing. */
@Injectable()
export class SwitchboardsService {
  constructor(
    private readonly switchboards: SwitchboardsStore,
    private readonly integrations: IntegrationsStore,
    private readonly change: ConfigurationChange,
  ) {}

  create(appId: AppId, idempotency: IdempotencyKey | null): Promise<SwitchboardView> {
    return this.change.run(appId, { idempotency }, async (tx, before) => {
      if (before.switchboard !== null) throw new Failure('bad_request', 'Only one switchboard can be created per app');
      const switchboard: SwitchboardRecord = {
        id: newId<SwitchboardId>(),
        enabled: false,
        defaultId: null,
        controlEnforcement: 'strict',
        offerExpirySeconds: null,
      };
      await this.switchboards.insert(tx, appId, switchboard);
      return switchboardView(switchboard);
    });
  }

  async list(appId: AppId): Promise<SwitchboardView[]> {
    const switchboard = await this.switchboards.of(appId);
    return switchboard === null ? [] : [switchboardView(switchboard)];
  }

  async get(appId: AppId, id: string): Promise<SwitchboardView> {
    return switchboardView(named(id, await this.switchboards.of(appId)));
  }

  /** @throws Failure `switchboard_integration_not_found` for an unknown default, and for enabling without one */
  patch(appId: AppId, id: string, patch: SwitchboardPatch): Promise<SwitchboardView> {
    return this.change.run(appId, {}, async (tx, before) => {
      const switchboard = named(id, await this.switchboards.of(appId, tx));
      const { defaultSwitchboardIntegrationId: asked, ...fields } = patch;
      const links = before.switchboard?.integrations ?? [];
      const chosen = asked === undefined ? switchboard.defaultId : (links.find((one) => one.id === asked)?.id ?? null);
      if (asked && chosen === null) throw linkNotFound();
      const patched: SwitchboardRecord = { ...switchboard, ...fields, defaultId: chosen };
      if (patched.enabled && chosen === null) throw enabledWithoutDefault();
      await this.switchboards.update(tx, appId, patched);
      return switchboardView(patched);
    });
  }

  /**
   * Removes the rows of the configuration. A conversation that one of its integrations holds notices at its next
   * command, which clears the holder (`sunco.md` 10.4 row 19).
   */
  async remove(appId: AppId, id: string): Promise<void> {
    await this.change.run(appId, {}, async (tx, before) => {
      named(id, before.switchboard);
      const links = before.switchboard?.integrations ?? [];
      await this.integrations.forgetResponders(
        tx,
        appId,
        links.map((link) => link.id),
      );
      await this.switchboards.remove(tx, appId);
    });
  }
}

/** The app's switchboard, when it is the one that was named. */
export function named<S extends { readonly id: SwitchboardId }>(id: string, switchboard: S | null): S {
  if (switchboard === null || switchboard.id !== id)
    throw new Failure('switchboard_not_found', 'Switchboard not found');
  return switchboard;
}

function enabledWithoutDefault(): Failure {
  const title = 'Enabled switchboard must have an associated default switchboardIntegration';
  return new Failure('switchboard_integration_not_found', title);
}
