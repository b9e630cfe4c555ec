import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ChangeLog, LoggedDeed } from '../configuration/index.js';
import type { AppId } from '../kernel/index.js';
import { databaseNow, isoTime } from '../platform/clock/index.js';
import { newId } from '../platform/ids.js';
import type { Db, Tx } from '../platform/postgres/index.js';
import { hashOf, START, type ChainedEntry, type Link } from './chain.js';
import { withoutSecrets } from './without-secrets.js';

/** Writes the audit log. The end of the app's chain is locked first, so two changes at once follow one another. */
@Injectable()
export class AuditLogStore implements ChangeLog {
  /** In the transaction of the change, as its last statement: the lock is held until the commit. */
  async write(tx: Tx, { appId, by, requestId, action, subject, before, after }: LoggedDeed): Promise<void> {
    const end = await lockEnd(tx, appId);
    const entry = {
      appId,
      number: end.number + 1,
      id: newId(),
      at: isoTime(await databaseNow(tx)),
      by,
      requestId,
      action,
      subject,
      before: withoutSecrets(before),
      after: withoutSecrets(after),
    };
    await append(tx, { ...entry, hash: hashOf(end.hash, entry) });
  }

  /** The same, unless the log has it of the last hour: of two at once the second waits for the first and sees it. */
  async writeUnlessLately(tx: Tx, deed: LoggedDeed): Promise<void> {
    await lockEnd(tx, deed.appId);
    if (!(await this.hasLately(tx, deed))) await this.write(tx, deed);
  }

  /** Whether the same agent did the same to the same in the last hour. */
  async hasLately(on: Tx | Db['kysely'], { appId, by, action, subject }: Omit<LoggedDeed, 'before' | 'after'>) {
    const { rows } = await sql`
      SELECT FROM audit_entry
      WHERE app_id = ${appId} AND subject = ${subject} AND action = ${action} AND agent_id = ${by.agentId}
        AND at > clock_timestamp() - interval '1 hour'
      LIMIT 1`.execute(on);
    return rows.length > 0;
  }
}

/** Makes the row for an app that has none; an update that changes nothing locks and reads what is committed. */
async function lockEnd(tx: Tx, appId: AppId): Promise<Link> {
  const { rows } = await sql<Link>`
    INSERT INTO audit_chain (app_id, last_number, last_hash) VALUES (${appId}, ${START.number}, ${START.hash})
    ON CONFLICT (app_id) DO UPDATE SET last_number = audit_chain.last_number
    RETURNING last_number AS number, last_hash AS hash`.execute(tx);
  const [end] = rows;
  if (end === undefined) throw new Error('the chain of an app has no end');
  return end;
}

async function append(tx: Tx, entry: ChainedEntry): Promise<void> {
  await tx
    .insertInto('audit_entry')
    .values({
      app_id: entry.appId,
      number: entry.number,
      id: entry.id,
      at: entry.at,
      actor_type: entry.by.type,
      key_id: entry.by.keyId,
      agent_id: entry.by.agentId,
      request_id: entry.requestId,
      action: entry.action,
      subject: entry.subject,
      before: entry.before === null ? null : JSON.stringify(entry.before),
      after: entry.after === null ? null : JSON.stringify(entry.after),
      hash: entry.hash,
    })
    .execute();
  await tx
    .updateTable('audit_chain')
    .set({ last_number: entry.number, last_hash: entry.hash })
    .where('app_id', '=', entry.appId)
    .execute();
}
