import { Inject, Injectable } from '@nestjs/common';
import type { AppId } from '../kernel/index.js';
import { Once } from '../ledger/index.js';
import type { Tx } from '../platform/postgres/index.js';
import type { AppConfiguration } from './app-configuration.js';
import type { Asked } from './asked.js';
import { CHANGE_LOG, type Action, type ChangeLog, type Changed } from './change-log.js';
import { ConfigurationStore } from './configuration.store.js';
import { groundsGone } from './grounds.js';
import { refuseUnnamed } from './named-integrations.js';
import { noteRemoval, type RemovalKind } from './removals.store.js';

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
 * What a change took away is found by comparing what it left with `before`, whichever service made it: nothing goes that
 * a setting names, and conversations that stand on what went are settled by a job, noted in the same transaction.
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
        const before = await this.configurations.within(tx, appId);
        const changed = await change(tx, before);
        await this.compare(tx, before, rules.action, changed.subject);
        return changed;
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

  private async compare(tx: Tx, before: AppConfiguration, action: Action, subject: string): Promise<void> {
    const after = await this.configurations.within(tx, before.appId);
    refuseUnnamed(before, after);
    const grounds = groundsGone(before, after);
    if (grounds.length === 0) return;
    await noteRemoval(tx, { appId: before.appId, kind: action.split('.', 1)[0] as RemovalKind, subject, grounds });
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
