import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ConfigurationStore } from '../configuration/index.js';
import { EventConsumers } from '../consumers/index.js';
import { Failure, type AppId } from '../kernel/index.js';
import { Config } from '../platform/config/index.js';
import { SurveyDecisions, type Heard } from './asking/survey-decisions.store.js';

/**
 * Hears that a session ended, or that its ticket was solved, and notes whether a survey follows, by the settings of the
 * app; the row and the event's id are one transaction.
 */
@Injectable()
export class CsatListener implements OnApplicationBootstrap {
  constructor(
    private readonly config: Config,
    private readonly consumers: EventConsumers,
    private readonly configurations: ConfigurationStore,
    private readonly decisions: SurveyDecisions,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.roles.has('csat')) return;
    this.consumers.start('csat', 'session.ended', async (events, tx) =>
      this.decisions.ended(tx, await this.heard(events)),
    );
    this.consumers.start('csat-tickets', 'ticket.changed', async (events, tx) =>
      this.decisions.ticketsSolved(tx, await this.heard(events)),
    );
  }

  /** What is said of an app that is gone concerns nobody. */
  private async heard<Data extends { readonly appId: string }>(
    events: readonly { readonly data: Data }[],
  ): Promise<readonly Heard<Data>[]> {
    const apps = new Map<string, Promise<Heard<Data>['csat'] | null>>();
    const heard = events.map(async ({ data }) => {
      const csat = apps.get(data.appId) ?? this.settingsOf(data.appId as AppId);
      apps.set(data.appId, csat);
      return { data, csat: await csat };
    });
    return (await Promise.all(heard)).filter((one): one is Heard<Data> => one.csat !== null);
  }

  private async settingsOf(appId: AppId): Promise<Heard<unknown>['csat'] | null> {
    try {
      return (await this.configurations.current(appId)).settings.csat;
    } catch (error) {
      if (error instanceof Failure && error.code === 'app_not_found') return null;
      throw error;
    }
  }
}
