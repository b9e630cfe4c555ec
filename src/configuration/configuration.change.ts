import { Injectable } from '@nestjs/common';
import type { AppId } from '../kernel/index.js';
import { Once, type IdempotencyKey } from '../ledger/index.js';
import type { Tx } from '../platform/postgres/index.js';
import type { AppConfiguration } from './app-configuration.js';
import { ConfigurationStore } from './configuration.store.js';

/** How a change is made: at most once under its key; `secret`: its answer holds one. */
export interface ChangeRules {
  readonly idempotency?: IdempotencyKey | null;
  readonly secret?: boolean;
}

/**
 * The one way to change what decisions read of an app: settings, switchboards, switchboard integrations, integrations,
 * webhooks. The version is raised first, which makes changes of one app wait for each other: what `change` checks, a
 * limit for one, still holds when it commits. `before` is the configuration it changes.
 */
@Injectable()
export class ConfigurationChange {
  constructor(
    private readonly once: Once,
    private readonly configurations: ConfigurationStore,
  ) {}

  async run<T>(
    appId: AppId,
    { idempotency = null, secret = false }: ChangeRules,
    change: (tx: Tx, before: AppConfiguration) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.once.run(idempotency, { secret }, async (tx) => {
        await this.configurations.touch(tx, appId);
        return change(tx, await this.configurations.within(tx, appId));
      });
    } finally {
      // Also when it threw: a COMMIT whose answer was lost may have happened.
      this.configurations.forget(appId);
    }
  }
}
