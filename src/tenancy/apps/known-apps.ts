import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Failure, parseId, type AppId } from '../../kernel/index.js';
import { AppsStore } from './apps.store.js';

/** How long an app that was there counts as there. */
const FRESH_MS = 4_000;
const MOST_KNOWN = 10_000;

/** Whether an app exists, for account keys, which may name any; without a read per request. */
@Injectable()
export class KnownApps {
  readonly #seen = new LRUCache<string, true>({ max: MOST_KNOWN, ttl: FRESH_MS });

  constructor(private readonly apps: AppsStore) {}

  /** @throws Failure `app_not_found` */
  prove(id: string): boolean | Promise<boolean> {
    return this.#seen.get(id) ?? this.look(id);
  }

  forget(id: string): void {
    this.#seen.delete(id);
  }

  private async look(id: string): Promise<boolean> {
    const appId = parseId<AppId>(id);
    const start = performance.now();
    if (appId === null || !(await this.apps.exists(appId))) throw new Failure('app_not_found', 'App not found');
    this.#seen.set(id, true, { start });
    return true;
  }
}
