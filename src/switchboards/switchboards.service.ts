import { Injectable } from '@nestjs/common';
import { ConfigurationChange, type Asked } from '../configuration/index.js';
import type { ControlEnforcement, Switchboard } from '../conversation/core/index.js';
import { Failure, type AppId, type SwitchboardId } from '../kernel/index.js';
import { IntegrationsStore } from '../integrations/index.js';
import { newId } from '../platform/ids.js';
import { linkNotFound } from './switchboard-integration.rules.js';
import { SwitchboardsStore, type SwitchboardRecord } from './switchboards.store.js';
import { switchboardView, type SwitchboardView } from './views.js';

export interface SwitchboardPatch {
  readonly enabled?: boolean;
  readonly defaultSwitchboardIntegrationId?: string | null;
  readonly controlEnforcement?: ControlEnforcement;
  readonly offerExpirySeconds?: number | null;
  readonly failOverNote?: string | null;
  readonly partingSeconds?: number;
  readonly outsiders?: Switchboard['outsiders'];
  readonly handOffLimit?: number;
}

/** What end users are told of a fail-over that the business has no words of its own for. */
const FAIL_OVER_NOTE = 'One moment please, you are being connected to someone else.';

/** Long enough for the sentence behind a hand-over, too short for another turn. */
const PARTING_SECONDS = 10;
/** Two bots that only pass to each other get there in a second; a conversation that goes on never does. */
const HAND_OFF_LIMIT = 20;

/** The switchboard of an app: one at most (`docs/wire.md` 6.1). Disabled, it is set up but decides nothing. */
@Injectable()
export class SwitchboardsService {
  constructor(
    private readonly switchboards: SwitchboardsStore,
    private readonly integrations: IntegrationsStore,
    private readonly change: ConfigurationChange,
  ) {}

  create(appId: AppId, asked: Asked): Promise<SwitchboardView> {
    return this.change.run(appId, asked, { action: 'switchboard.create' }, async (tx, before) => {
      if (before.switchboard !== null) throw new Failure('bad_request', 'Only one switchboard can be created per app');
      const switchboard: SwitchboardRecord = {
        id: newId<SwitchboardId>(),
        enabled: false,
        defaultId: null,
        controlEnforcement: 'strict',
        offerExpirySeconds: null,
        failOverNote: FAIL_OVER_NOTE,
        partingSeconds: PARTING_SECONDS,
        outsiders: 'allow',
        handOffLimit: HAND_OFF_LIMIT,
      };
      await this.switchboards.insert(tx, appId, switchboard);
      const after = switchboardView(switchboard);
      return { answer: after, subject: switchboard.id, before: null, after };
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
  patch(appId: AppId, id: string, patch: SwitchboardPatch, asked: Asked): Promise<SwitchboardView> {
    return this.change.run(appId, asked, { action: 'switchboard.update' }, async (tx, before) => {
      const switchboard = named(id, await this.switchboards.of(appId, tx));
      const { defaultSwitchboardIntegrationId: wanted, ...fields } = patch;
      const links = before.switchboard?.integrations ?? [];
      const chosen =
        wanted === undefined ? switchboard.defaultId : (links.find((one) => one.id === wanted)?.id ?? null);
      if (wanted && chosen === null) throw linkNotFound();
      const patched: SwitchboardRecord = { ...switchboard, ...fields, defaultId: chosen };
      if (patched.enabled && chosen === null) throw enabledWithoutDefault();
      await this.switchboards.update(tx, appId, patched);
      const after = switchboardView(patched);
      return { answer: after, subject: switchboard.id, before: switchboardView(switchboard), after };
    });
  }

  /**
   * Removes the rows of the configuration. Conversations that one of its integrations holds are settled soon after
   * (`src/removals`), or by their own next command (`docs/wire.md` 10.4 row 19).
   */
  async remove(appId: AppId, id: string, asked: Asked): Promise<void> {
    await this.change.run(appId, asked, { action: 'switchboard.delete' }, async (tx, before) => {
      const switchboard = named(id, await this.switchboards.of(appId, tx));
      const links = before.switchboard?.integrations ?? [];
      await this.integrations.forgetResponders(
        tx,
        appId,
        links.map((link) => link.id),
      );
      await this.switchboards.remove(tx, appId);
      return { answer: null, subject: switchboard.id, before: switchboardView(switchboard), after: null };
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
