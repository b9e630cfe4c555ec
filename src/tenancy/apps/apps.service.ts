import { Injectable } from '@nestjs/common';
import {
  ConfigurationChange,
  decidingSettings,
  defaultSettings,
  migratedSettings,
  noteRemoval,
  requireFloors,
  warningsOf,
  type Asked,
  type Changed,
} from '../../configuration/index.js';
import { usualChannel } from '../../conversation/core/index.js';
import { Failure, limitedMetadata, mergedMetadata, type AppId, type MetadataPatch } from '../../kernel/index.js';
import type { Page } from '../../platform/http/index.js';
import { Config } from '../../platform/config/index.js';
import { newId } from '../../platform/ids.js';
import { inApps, type Tx } from '../../platform/postgres/index.js';
import { KeyRing } from '../auth/key-ring.js';
import { AppsStore, type App } from './apps.store.js';
import { KnownApps } from './known-apps.js';
import { namesAheadOf, namesLeft } from './named-ahead.js';
import { askedTimes } from './session-settings.js';
import { patchedSettings, type SettingsPatch } from './settings.js';

export interface AppPatch {
  readonly displayName?: string;
  readonly settings?: SettingsPatch;
  readonly metadata?: MetadataPatch | null;
}

/** With what its settings do beside what was asked. */
export interface SavedApp extends App {
  readonly warnings: readonly string[];
}

export interface AppDraft extends AppPatch {
  readonly displayName: string;
  /** It was there before what its kind can do today. */
  readonly migrated?: boolean;
}

@Injectable()
export class AppsService {
  constructor(
    private readonly apps: AppsStore,
    private readonly known: KnownApps,
    private readonly ring: KeyRing,
    private readonly configuration: ConfigurationChange,
    private readonly config: Config,
  ) {}

  async create({ displayName, settings = {}, metadata, migrated = false }: AppDraft, asked: Asked): Promise<SavedApp> {
    requireFloors(askedTimes(settings), this.config);
    const id = newId<AppId>();
    const begin = async (tx: Tx): Promise<Changed<SavedApp>> => {
      const app: App = {
        id,
        displayName,
        settings: patchedSettings(migrated ? migratedSettings : defaultSettings, settings),
        metadata: limitedMetadata('App', mergedMetadata({}, metadata)),
      };
      await this.apps.insert(tx, app, namesAheadOf(app.settings));
      const answer = { ...app, warnings: warningsOf(decidingSettings(app.settings), [usualChannel]) };
      return { answer, subject: id, before: null, after: app };
    };
    return inApps([id], () => this.configuration.begin(id, asked, { action: 'app.create' }, begin));
  }

  page(page: Page): Promise<App[]> {
    return this.apps.page(page);
  }

  async get(id: AppId): Promise<App> {
    return found(await this.apps.find(id));
  }

  /** Merges: what is not named keeps its value. */
  async patch(id: AppId, { displayName, settings = {}, metadata }: AppPatch, asked: Asked): Promise<SavedApp> {
    requireFloors(askedTimes(settings), this.config);
    return this.configuration.run(id, asked, { action: 'app.update' }, async (tx, before) => {
      const app = found(await this.apps.find(id, tx));
      const patched: App = {
        id,
        displayName: displayName ?? app.displayName,
        settings: patchedSettings(app.settings, settings),
        metadata: limitedMetadata('App', mergedMetadata(app.metadata, metadata)),
      };
      await this.apps.update(tx, id, patched, namesLeft(patched.settings, settings, before));
      const channels = [...before.channels.values(), before.defaultChannel];
      const answer = { ...patched, warnings: warningsOf(decidingSettings(patched.settings), [...new Set(channels)]) };
      return { answer, subject: id, before: app, after: patched };
    });
  }

  /**
   * Accepted: the app is gone for every call, and a job ends its sessions, each with its events, before its rows go
   * (`src/removals`). Its audit log stays (`docs/audit.md`).
   */
  async remove(id: AppId, asked: Asked): Promise<void> {
    await this.configuration.run(id, asked, { action: 'app.delete' }, async (tx) => {
      const app = found(await this.apps.find(id, tx));
      await this.apps.remove(tx, id);
      await noteRemoval(tx, { appId: id, kind: 'app', subject: id, grounds: [] });
      return { answer: null, subject: id, before: app, after: null };
    });
    this.known.forget(id);
    this.ring.forgetWhere((principal) => principal.scope !== 'account' && principal.appId === id);
  }
}

function found(app: App | null): App {
  if (app === null) throw new Failure('app_not_found', 'App not found');
  return app;
}
