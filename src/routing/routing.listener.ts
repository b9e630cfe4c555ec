import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { EventConsumers } from '../consumers/index.js';
import { Config } from '../platform/config/index.js';
import type { Tx } from '../platform/postgres/index.js';
import { placesOf, type LoadEvent } from './load-change.js';
import { Loads } from './load.store.js';

/**
 * Counts open conversations per switchboard integration. Three consumers, because one on everything would also be sent
 * every message; their order among each other does not matter (`Loads.apply`).
 */
@Injectable()
export class RoutingListener implements OnApplicationBootstrap {
  constructor(
    private readonly config: Config,
    private readonly consumers: EventConsumers,
    private readonly loads: Loads,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.roles.has('routing')) return;
    const heard = (events: readonly LoadEvent[], tx: Tx): Promise<void> => this.#heard(events, tx);
    this.consumers.start('routing-control', 'control.*', heard);
    this.consumers.start('routing-session', 'session.*', heard);
    this.consumers.start('routing-removed', 'conversation.removed', heard);
  }

  async #heard(events: readonly LoadEvent[], tx: Tx): Promise<void> {
    await this.loads.apply(tx, placesOf(events));
    await this.loads.recordEnds(
      tx,
      events.filter((event) => event.type === 'switchboard.v1.session.ended'),
    );
  }
}
