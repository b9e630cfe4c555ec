import { Inject, Injectable } from '@nestjs/common';
import type { AppId } from '../kernel/index.js';
import { Once } from '../ledger/index.js';
import type { Tx } from '../platform/postgres/index.js';
import type { AppConfiguration } from './app-configuration.js';
import type { Asked } from './asked.js';
import { CHANGE_LOG, type Action, type ChangeLog, type Changed } from './change-log.js';
import { ConfigurationStore } from './configuration.store.js';

/** What is done; `secret`: its answer holds one. */
export interface ChangeRules {
  readonly action: Action;
  readonly secret?: boolean;
}

/**
 * The one way to change what decisions read of an app, and who may act in it: settings, keys, switchboards, switchboard
 * integrations, integrations, webhooks. The version is raised first, which makes changes of one app wait for each
 * other: what `change` checks, a limit for one, still holds when it commits. `before` is the configuration it changes.
 *
 * Every change says what it did and is logged in its own transaction (`src/audit`), under whoever asked for it.
 */
@Injectable()
export class ConfigurationChange {
  constructor(
    private readonly once: Once,
    private readonly configurations: ConfigurationStore,
    @Inject(CHANGE_LOG) private readonly log: ChangeLog,
  ) {}

  async run<T>(
    appId: AppId,
    asked: Asked,
    rules: ChangeRules,
    change: (tx: Tx, before: AppConfiguration) => Promise<Changed<T>>,
  ): Promise<T> {
    try {
      return await this.logged(appId, asked, rules, async (tx) => {
        await this.configurations.touch(tx, appId);
        return change(tx, await this.configurations.within(tx, appId));
      });
    } finally {
      // Also when it threw: a COMMIT whose answer was lost may have happened.
      this.configurations.forget(appId);
    }
  }

  /** The making of an app, which has no configuration before it. */
  begin<T>(appId: AppId, asked: Asked, rules: ChangeRules, change: (tx: Tx) => Promise<Changed<T>>): Promise<T> {
    return this.logged(appId, asked, rules, change);
  }

  private logged<T>(
    appId: AppId,
    { by, requestId, idempotency }: Asked,
    { action, secret = false }: ChangeRules,
    change: (tx: Tx) => Promise<Changed<T>>,
  ): Promise<T> {
    return this.once.run(idempotency, { secret }, async (tx) => {
      const { answer, subject, before, after } = await change(tx);
      await this.log.write(tx, { appId, by, requestId, action, subject, before, after });
      return answer;
    });
  }
}
