import { Injectable } from '@nestjs/common';
import { DemoGuides, type DemoGuide } from '../banner.js';
import { Failure, parseId, type AppId } from '../kernel/index.js';
import { inApps } from '../platform/postgres/index.js';
import { Config } from '../platform/config/index.js';
import { AppsService } from '../tenancy/index.js';
import { readDemo, writeDemo, type DemoFile } from './demo.file.js';
import { DemoSeed } from './demo.seed.js';

/**
 * The demo app: made at the first start, remembered in `<dataDir>/demo.json`, made anew when the database it was made
 * in is no longer there.
 */
@Injectable()
export class Demo extends DemoGuides {
  constructor(
    private readonly config: Config,
    private readonly apps: AppsService,
    private readonly seed: DemoSeed,
  ) {
    super();
  }

  /** `null`: switched off. */
  override async guide(): Promise<DemoGuide | null> {
    if (!this.config.demo) return null;
    const { appId, appKey, conversationId } = await this.file();
    return { appId, keyId: appKey.id, secret: appKey.secret, conversationId, passTo: 'desk' };
  }

  private async file(): Promise<DemoFile> {
    const { dataDir } = this.config;
    const known = readDemo(dataDir);
    if (known !== null && (await this.exists(known.appId))) return known;
    const planted = await this.seed.plant();
    writeDemo(dataDir, planted);
    return planted;
  }

  private async exists(id: string): Promise<boolean> {
    const appId = parseId<AppId>(id);
    if (appId === null) return false;
    try {
      await inApps([appId], () => this.apps.get(appId));
      return true;
    } catch (error) {
      if (error instanceof Failure && error.code === 'app_not_found') return false;
      throw error;
    }
  }
}
