import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { newId } from '../../platform/ids.js';
import { Db } from '../../platform/postgres/index.js';
import { newKeySecret } from '../../platform/secrets/index.js';
import { KeysStore } from './keys.store.js';

/**
 * The account's key: the one of the settings, else one made at the first start, whose secret is printed that once and
 * kept only sealed.
 */
@Injectable()
export class AccountKey implements OnApplicationBootstrap {
  /** Set by the start that made a key, for the banner. */
  made: { readonly id: string; readonly secret: string } | null = null;

  constructor(
    private readonly config: Config,
    private readonly db: Db,
    private readonly keys: KeysStore,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { accountKey } = this.config;
    this.made = await this.db.as('account').transaction(async (tx) => {
      await this.keys.lockAccount(tx);
      if (accountKey !== null) {
        await this.keys.keepAccountKey(tx, { ...accountKey, displayName: 'from the settings' });
        return null;
      }
      if ((await this.keys.list({ scope: 'account' }, tx)).length > 0) return null;
      const made = { id: `act_${newId()}`, secret: newKeySecret() };
      await this.keys.keepAccountKey(tx, { ...made, displayName: 'made at the first start' });
      return made;
    });
    if (this.made === null) return;
    process.stdout.write(`Account key, shown this once: ${this.made.id}:${this.made.secret}\n`);
  }
}
