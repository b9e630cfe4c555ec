import type { AppId } from '../kernel/index.js';
import { newId } from '../platform/ids.js';
import { databaseNow } from '../platform/clock/index.js';
import type { Tx } from '../platform/postgres/index.js';

/** What was deleted. */
export type RemovalKind = 'switchboardIntegration' | 'integration' | 'switchboard' | 'queue' | 'serviceChannel' | 'app';

export interface NewRemoval {
  readonly appId: AppId;
  readonly kind: RemovalKind;
  /** The id of what was deleted. */
  readonly subject: string;
  /** Ids by which conversations name what is gone; of an app: none, all of it goes. */
  readonly grounds: readonly string[];
}

/** Notes, in the transaction of a deletion, that conversations stand on what it took away (`src/removals`). */
export async function noteRemoval(tx: Tx, { appId, kind, subject, grounds }: NewRemoval): Promise<void> {
  const now = await databaseNow(tx);
  await tx
    .insertInto('removal')
    .values({
      id: newId<string>(),
      app_id: appId,
      kind,
      subject,
      grounds: [...grounds],
      stage: kind === 'app' ? 'sessions' : 'conversations',
      stage_since: now,
      started_at: now,
      next_at: now,
    })
    .execute();
}
