import { Injectable } from '@nestjs/common';
import { sql, type Selectable } from 'kysely';
import type { Author } from '../configuration/index.js';
import type { AppId } from '../kernel/index.js';
import { isoTime } from '../platform/clock/index.js';
import { beyond, order, type Slice } from '../platform/http/index.js';
import { Db, refuseStrayCursor, type Tables } from '../platform/postgres/index.js';
import type { Json } from './canonical-json.js';
import { START, type ChainedEntry, type Link } from './chain.js';

export interface AuditFilter {
  readonly action: string | null;
  /** A key's id or an agent's. */
  readonly actor: string | null;
  readonly subject: string | null;
  /** Inclusive. */
  readonly from: Date | null;
  /** Exclusive. */
  readonly until: Date | null;
}

export interface ChainEnd extends Link {
  /** The highest number that is stored: another than `number` when the table was tampered with. */
  readonly highest: number;
}

/** Reads of the audit log. */
@Injectable()
export class AuditQuery {
  constructor(private readonly db: Db) {}

  /** By number, in reading direction. */
  async page(appId: AppId, filter: AuditFilter, { cursor, direction, limit }: Slice): Promise<ChainedEntry[]> {
    await refuseStrayCursor(this.db, 'audit_entry', cursor, { app_id: appId }, { lasting: true });
    const { action, actor, subject, from, until } = filter;
    const rows = await this.entries(appId)
      .$if(cursor !== null, (some) => some.where('number', beyond(direction), this.numberOf(appId, cursor ?? '')))
      .$if(action !== null, (some) => some.where('action', '=', action ?? ''))
      .$if(subject !== null, (some) => some.where('subject', '=', subject ?? ''))
      .$if(actor !== null, (some) =>
        some.where((by) => by.or([by('key_id', '=', actor ?? ''), by('agent_id', '=', actor ?? '')])),
      )
      .$if(from !== null, (some) => some.where('at', '>=', from ?? new Date(0)))
      .$if(until !== null, (some) => some.where('at', '<', until ?? new Date(0)))
      .orderBy('number', order(direction))
      .limit(limit)
      .execute();
    return rows.map(entryOf);
  }

  /** The next `limit` entries behind `number`, in order. */
  async behind(appId: AppId, number: number, limit: number): Promise<ChainedEntry[]> {
    const rows = await this.entries(appId).where('number', '>', number).orderBy('number').limit(limit).execute();
    return rows.map(entryOf);
  }

  async hashAt(appId: AppId, number: number): Promise<Buffer | null> {
    const row = await this.db.kysely
      .selectFrom('audit_entry')
      .select('hash')
      .where('app_id', '=', appId)
      .where('number', '=', number)
      .executeTakeFirst();
    return row?.hash ?? null;
  }

  /** One statement, so that both numbers are of one moment. */
  async end(appId: AppId): Promise<ChainEnd> {
    const { rows } = await sql<ChainEnd>`
      SELECT coalesce(c.last_number, ${START.number}) AS number, coalesce(c.last_hash, ${START.hash}) AS hash,
             coalesce((SELECT max(e.number) FROM audit_entry e WHERE e.app_id = ${appId}), 0) AS highest
      FROM (SELECT) AS one LEFT JOIN audit_chain c ON c.app_id = ${appId}`.execute(this.db.kysely);
    const [end] = rows;
    if (end === undefined) throw new Error('a statement that always answers did not');
    return end;
  }

  /** Every app with a log, deleted ones among them. */
  async apps(): Promise<AppId[]> {
    const { rows } = await sql<{ id: AppId }>`
      SELECT app_id AS id FROM audit_chain UNION SELECT app_id FROM audit_entry ORDER BY id`.execute(
      this.db.as('audit').kysely,
    );
    return rows.map(({ id }) => id);
  }

  private numberOf(appId: AppId, id: string) {
    return this.db.kysely.selectFrom('audit_entry').select('number').where('id', '=', id).where('app_id', '=', appId);
  }

  private entries(appId: AppId) {
    return this.db.kysely.selectFrom('audit_entry').selectAll().where('app_id', '=', appId);
  }
}

function entryOf(row: Selectable<Tables['audit_entry']>): ChainedEntry {
  return {
    appId: row.app_id as AppId,
    number: row.number,
    id: row.id,
    at: isoTime(row.at),
    by: { type: row.actor_type as Author['type'], keyId: row.key_id, agentId: row.agent_id },
    requestId: row.request_id,
    action: row.action,
    subject: row.subject,
    before: row.before as Json,
    after: row.after as Json,
    hash: row.hash,
  };
}
