import { Injectable } from '@nestjs/common';
import type { AppId, Millis, WebhookId } from '../kernel/index.js';
import { databaseNow } from '../platform/clock/index.js';
import { newId } from '../platform/ids.js';
import type { Tx } from '../platform/postgres/index.js';
import { SecretBox } from '../platform/secrets/index.js';

interface Replaced {
  readonly id: WebhookId;
  readonly secret: string;
}

/** Puts secrets in the place of others; `src/webhooks` signs with both until the old one expires. */
@Injectable()
export class WebhookSecretsStore {
  constructor(private readonly box: SecretBox) {}

  /** How many old ones have not expired. */
  async overlapping(tx: Tx, appId: AppId, id: WebhookId): Promise<number> {
    const { n } = await tx
      .selectFrom('webhook_old_secret')
      .select((row) => row.fn.countAll<number>().as('n'))
      .where('app_id', '=', appId)
      .where('webhook_id', '=', id)
      .where('expires_at', '>', await databaseNow(tx))
      .executeTakeFirstOrThrow();
    return Number(n);
  }

  /** Answers when the replaced one expires; `null`: it is good no longer, and neither is any before it. */
  async replace(tx: Tx, appId: AppId, { id, secret }: Replaced, by: string, overlapMs: Millis): Promise<Date | null> {
    await tx
      .updateTable('webhook')
      .set({ secret: this.box.seal(by, appId) })
      .where('app_id', '=', appId)
      .where('id', '=', id)
      .execute();
    if (overlapMs === 0) {
      await tx.deleteFrom('webhook_old_secret').where('app_id', '=', appId).where('webhook_id', '=', id).execute();
      return null;
    }
    const expiresAt = new Date((await databaseNow(tx)).getTime() + overlapMs);
    await tx
      .insertInto('webhook_old_secret')
      .values({
        id: newId(),
        app_id: appId,
        webhook_id: id,
        secret: this.box.seal(secret, appId),
        expires_at: expiresAt,
      })
      .execute();
    return expiresAt;
  }
}
