import { sql } from 'kysely';
import type { Db } from '../../platform/postgres/index.js';

/** Secrets that were replaced. Which of them still sign is read with the endpoint (`webhook-directory.query.ts`). */
export class OldSecrets {
  constructor(private readonly db: Db) {}

  /** What has expired signs nothing any more, and is not kept either. */
  async forget(): Promise<void> {
    await sql`DELETE FROM webhook_old_secret WHERE expires_at <= clock_timestamp()`.execute(this.db.as('lanes').kysely);
  }
}
