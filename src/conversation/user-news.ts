import { Injectable, Module } from '@nestjs/common';
import { ConfigurationModule, ConfigurationStore, type AppConfiguration } from '../configuration/index.js';
import type { AppId, EventId, Millis } from '../kernel/index.js';
import { newId } from '../platform/ids.js';
import { databaseNow } from '../platform/clock/index.js';
import type { Tx } from '../platform/postgres/index.js';
import type { UserSnapshot } from './recorded.js';

/** What happened to an end user, outside of every conversation. */
export interface UserChange {
  readonly appId: AppId;
  readonly type: 'userUpdated' | 'userRemoved';
  readonly user: UserSnapshot;
  /** How many changes of this user were told, with this one. The caller counts under the lock of the user's row. */
  readonly told: number;
  /** `authentication`: somebody the business had made came with a token. */
  readonly reason: 'authentication' | null;
  /** `api`: by a key; `web`: by the end user. */
  readonly by: 'api' | 'web';
}

export interface UserEvent extends UserChange {
  readonly id: EventId;
  readonly at: Millis;
  readonly configuration: AppConfiguration;
}

/** Writes rows in the transaction of the change; what it answers is called once that is committed. */
export type UserWriter = (tx: Tx, event: UserEvent) => Promise<() => void>;

/** The door between those who change users and those who tell of it: what is committed is told, and nothing else. */
@Injectable()
export class UserNews {
  readonly #writers: UserWriter[] = [];

  constructor(private readonly configurations: ConfigurationStore) {}

  listen(writer: UserWriter): void {
    this.#writers.push(writer);
  }

  /** Call the answer after the commit. */
  async write(tx: Tx, change: UserChange): Promise<() => void> {
    const configuration = await this.configurations.within(tx, change.appId);
    const event = { ...change, id: newId<EventId>(), at: (await databaseNow(tx)).getTime(), configuration };
    const committed: (() => void)[] = [];
    for (const writer of this.#writers) committed.push(await writer(tx, event));
    return () => committed.forEach((tell) => tell());
  }
}

/** A module of its own, because listeners need it and the conversation's module needs what listeners are part of. */
@Module({ imports: [ConfigurationModule], providers: [UserNews], exports: [UserNews] })
export class UserNewsModule {}
