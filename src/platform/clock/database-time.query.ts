import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Db, ofApps } from '../postgres/index.js';
import type { Reading } from './corrected-time.js';

/** The quickest of a few says the most. */
const LOOKS = 3;

const NOW = sql<{ theirs: number }>`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS theirs`;

/** Looks at the database's clock. */
@Injectable()
export class DatabaseTime {
  constructor(private readonly db: Db) {}

  /** Over one connection, which is waited for before the first look begins. */
  look(): Promise<readonly Reading[]> {
    // For no app: nothing is read that is anybody's.
    return this.db
      .within(ofApps([]))
      .kysely.connection()
      .execute(async (connection) => {
        const readings: Reading[] = [];
        for (let n = 0; n < LOOKS; n += 1) {
          const asked = performance.now();
          const { rows } = await NOW.execute(connection);
          const answered = performance.now();
          const [row] = rows;
          if (row !== undefined) readings.push({ asked, answered, theirs: row.theirs });
        }
        return readings;
      });
  }
}
