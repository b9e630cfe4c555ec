import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { allowsOrigin, ConfigurationStore } from '../../configuration/index.js';
import { Failure, parseId, type AppId } from '../../kernel/index.js';

/** How long an app that was not there counts as not there. */
const ABSENT_MS = 2_000;
const MOST_ABSENT = 10_000;

/**
 * Which pages of the web may call an app's client API: browsers ask before they let them. They ask without credentials, so
 * it is answered from memory, and of many at once one reads.
 */
@Injectable()
export class Pages {
  readonly #reads = new Map<AppId, Promise<readonly string[]>>();
  readonly #absent = new LRUCache<AppId, true>({ max: MOST_ABSENT, ttl: ABSENT_MS });

  constructor(private readonly configurations: ConfigurationStore) {}

  /** @throws Failure `unavailable` where nothing is known of the app and the database is away */
  async mayCall(app: string, origin: string): Promise<boolean> {
    const appId = parseId<AppId>(app);
    return appId !== null && allowsOrigin(await this.allowedOf(appId), origin);
  }

  private allowedOf(appId: AppId): Promise<readonly string[]> {
    const under = this.#reads.get(appId);
    if (under !== undefined) return under;
    const reading = this.read(appId).finally(() => this.#reads.delete(appId));
    this.#reads.set(appId, reading);
    return reading;
  }

  private async read(appId: AppId): Promise<readonly string[]> {
    if (this.#absent.has(appId)) return [];
    try {
      return (await this.configurations.current(appId)).settings.allowedOrigins;
    } catch (error) {
      if (error instanceof Failure && error.code === 'app_not_found') {
        this.#absent.set(appId, true);
        return [];
      }
      // A page must be able to read that we are unavailable.
      const known = this.configurations.lastKnown(appId);
      if (known === null) throw error;
      return known.settings.allowedOrigins;
    }
  }
}
