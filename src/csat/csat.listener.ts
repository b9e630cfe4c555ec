import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { EventConsumers } from '../consumers/index.js';
import { Config } from '../platform/config/index.js';
import { Surveys } from './survey.store.js';

/** Hears that a session ended and notes whether a survey follows; the row and the event's id are one transaction. */
@Injectable()
export class CsatListener implements OnApplicationBootstrap {
  constructor(
    private readonly config: Config,
    private readonly consumers: EventConsumers,
    private readonly surveys: Surveys,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.roles.has('csat')) return;
    this.consumers.start('csat', 'session.ended', (events, tx) => this.surveys.write(tx, events));
  }
}
