import { Injectable } from '@nestjs/common';
import { ConfigurationStore } from '../configuration/index.js';
import { failureOf, whyNotTakeAway, type Errand } from '../conversation/index.js';
import type { User } from './user.js';
import { UserTraces } from './user-traces.store.js';

/**
 * Who may take a user away, or what is known of them. An integration of the switchboard may where it holds every
 * conversation of theirs, as for the conversations themselves (`core/decide/fence.ts`); app keys always.
 */
@Injectable()
export class UserStanding {
  constructor(
    private readonly configurations: ConfigurationStore,
    private readonly traces: UserTraces,
  ) {}

  /** Asked before anything is done, so that a refusal leaves everything as it was. @throws Failure `not_in_control` */
  async require({ appId, id }: User, by: Errand['by']): Promise<void> {
    if (by.type !== 'integration') return;
    const { switchboard } = await this.configurations.current(appId);
    for (const state of await this.traces.states(id)) {
      const refusal = whyNotTakeAway(state, switchboard, by);
      if (refusal !== null) throw failureOf(refusal);
    }
  }
}
