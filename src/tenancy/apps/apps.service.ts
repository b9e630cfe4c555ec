import { Injectable } from '@nestjs/common';
import { ConfigurationChange, defaultSettings } from '../../configuration/index.js';
import { Failure, limitedMetadata, mergedMetadata, type AppId, type MetadataPatch } from '../../kernel/index.js';
import { Once, type IdempotencyKey } from '../../ledger/index.js';
import type { Page } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { KeyRing } from '../auth/key-ring.js';
import { AppContents } from './app-contents.store.js';
import { AppsStore, type App } from './apps.store.js';
import { KnownApps } from './known-apps.js';
import { patchedSettings, type SettingsPatch } from './settings.js';

export interface AppPatch {
  readonly displayName?: string;
  readonly settings?: SettingsPatch;
  readonly metadata?: MetadataPatch | null;
}

@Injectable()
export class AppsService {
  constructor(
    private readonly apps: AppsStore,
    private readonly contents: AppContents,
    private readonly known: KnownApps,
    private readonly ring: KeyRing,
    private readonly once: Once,
    private readonly configuration: ConfigurationChange,
  ) {}

  create(
    { displayName, settings = {}, metadata }: AppPatch & { readonly displayName: string },
    idempotency: IdempotencyKey | null,
  ): Promise<App> {
    return this.once.run(idempotency, { secret: false }, async (tx) => {
      const app: App = {
        id: newId<AppId>(),
        displayName,
        settings: patchedSettings(defaultSettings, settings),
        metadata: limitedMetadata('App', mergedMetadata({}, metadata)),
      };
      await this.apps.insert(tx, app);
      return app;
    });
  }

  page(page: Page): Promise<App[]> {
    return this.apps.page(page);
  }

  async get(id: AppId): Promise<App> {
    return found(await this.apps.find(id));
  }

  /** Merges: what is not named keeps its value. */
  patch(id: AppId, { displayName, settings = {}, metadata }: AppPatch): Promise<App> {
    return this.configuration.run(id, {}, async (tx) => {
      const app = found(await this.apps.find(id, tx));
      const patched: App = {
        id,
        displayName: displayName ?? app.displayName,
        settings: patchedSettings(app.settings, settings),
        metadata: limitedMetadata('App', mergedMetadata(app.metadata, metadata)),
      };
      await this.apps.update(tx, id, patched);
      return patched;
    });
  }

  /**
   * Content first, in pieces, then the app with its keys, then what arrived in between. No webhook tells of it: whoever
   * would hear it is being deleted.
   */
  async remove(id: AppId): Promise<void> {
    found(await this.apps.find(id));
    await this.contents.erase(id);
    await this.configuration.run(id, {}, (tx) => this.apps.remove(tx, id));
    this.known.forget(id);
    this.ring.forgetWhere((principal) => principal.scope !== 'account' && principal.appId === id);
    await this.contents.erase(id);
  }
}

function found(app: App | null): App {
  if (app === null) throw new Failure('app_not_found', 'App not found');
  return app;
}
