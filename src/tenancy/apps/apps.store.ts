import { Injectable } from '@nestjs/common';
import { effectiveSettings, type StoredSettings } from '../../configuration/index.js';
import type { AppId, Metadata } from '../../kernel/index.js';
import { beyond, order, type Page } from '../../platform/http/index.js';
import { databaseNow } from '../../platform/clock/index.js';
import { Db, type Tx } from '../../platform/postgres/index.js';

export interface App {
  readonly id: AppId;
  readonly displayName: string;
  readonly settings: StoredSettings;
  readonly metadata: Metadata;
}

type AppFields = Omit<App, 'id'>;

@Injectable()
export class AppsStore {
  constructor(private readonly db: Db) {}

  async insert(tx: Tx, { id, displayName, settings, metadata }: App, namesAhead: readonly string[]): Promise<void> {
    await tx
      .insertInto('app')
      .values({
        id,
        display_name: displayName,
        settings: JSON.stringify(settings),
        metadata: JSON.stringify(metadata),
        names_ahead: [...namesAhead],
        created_at: await databaseNow(tx),
      })
      .execute();
  }

  async exists(id: AppId): Promise<boolean> {
    const apps = this.db.as('auth').kysely.selectFrom('app').select('id');
    const row = await apps.where('id', '=', id).where('removed_at', 'is', null).executeTakeFirst();
    return row !== undefined;
  }

  async find(id: AppId, on: Tx | Db['kysely'] = this.db.kysely): Promise<App | null> {
    const row = await selectApps(on).where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : appOf(row);
  }

  /** In reading direction, as `paged` wants it. */
  async page({ cursor, direction, limit }: Page): Promise<App[]> {
    const rows = await selectApps(this.db.as('account').kysely)
      .$if(cursor !== null, (apps) => apps.where('id', beyond(direction), cursor ?? ''))
      .orderBy('id', order(direction))
      .limit(limit)
      .execute();
    return rows.map(appOf);
  }

  async update(
    tx: Tx,
    id: AppId,
    { displayName, settings, metadata }: AppFields,
    namesAhead: readonly string[],
  ): Promise<void> {
    await tx
      .updateTable('app')
      .set({
        display_name: displayName,
        settings: JSON.stringify(settings),
        metadata: JSON.stringify(metadata),
        names_ahead: [...namesAhead],
      })
      .where('id', '=', id)
      .execute();
  }

  /** Gone for every call from the commit on, and so is whoever held a key of it. The rest goes later (`src/removals`). */
  async remove(tx: Tx, id: AppId): Promise<void> {
    await tx
      .updateTable('app')
      .set({ removed_at: await databaseNow(tx) })
      .where('id', '=', id)
      .execute();
    await tx.deleteFrom('api_key').where('app_id', '=', id).execute();
  }
}

function selectApps(on: Tx | Db['kysely']) {
  return on.selectFrom('app').select(['id', 'display_name', 'settings', 'metadata']).where('removed_at', 'is', null);
}

interface AppRow {
  readonly id: string;
  readonly display_name: string;
  readonly settings: unknown;
  readonly metadata: unknown;
}

function appOf(row: AppRow): App {
  return {
    id: row.id as AppId,
    displayName: row.display_name,
    settings: effectiveSettings(row.settings as Partial<StoredSettings>),
    metadata: row.metadata as Metadata,
  };
}
