import { EventEmitter2 } from '@nestjs/event-emitter';
import { Client } from 'pg';
import { agentAnnouncements, agentWriters } from '../../src/agents/index.js';
import { ConfigurationStore } from '../../src/configuration/index.js';
import {
  announcements,
  ConversationBook,
  ConversationCommands,
  conversationWriters,
  type Actor,
  type ConversationRequest,
  type Loaded,
  type Settled,
} from '../../src/conversation/index.js';
import type { AppId, ConversationId, IntegrationId, KeyId, UserId } from '../../src/kernel/index.js';
import { LedgerEngine, outboxWriter, type RowWriter } from '../../src/ledger/index.js';
import { newId } from '../../src/platform/ids.js';
import { routingWriters } from '../../src/routing/index.js';
import { Db } from '../../src/platform/postgres/index.js';
import { testDatabase } from './servers.js';

export interface Seat {
  readonly name: string;
  /** Its switchboard integration. */
  readonly id: string;
  readonly by: Actor;
}

/** The conversation's part of the ledger on a database of its own, below HTTP: a bot (the default), a desk, a survey bot. */
export interface Stage {
  readonly appId: AppId;
  readonly url: string;
  readonly db: Db;
  readonly sql: Client;
  readonly commands: ConversationCommands;
  /** A ledger of another process on the same database: only the locks stand between it and this one. */
  replica(): ConversationCommands;
  readonly app: Actor;
  readonly bot: Seat;
  readonly desk: Seat;
  readonly survey: Seat;
  /** Entries of every group, as they were written. */
  readonly written: Settled[];
  /** Changes rows of the configuration and raises its version, as the features do. */
  configure(sql: string, ...values: unknown[]): Promise<void>;
  user(): Promise<UserId>;
  open(userId: UserId): Promise<ConversationId>;
  close(): Promise<void>;
}

const TEXT = { type: 'text', text: 'words' } as const;

export const businessText = (words: string) =>
  ({
    author: { type: 'business' },
    content: { ...TEXT, text: words },
    source: { type: 'api:conversations' },
    metadata: null,
  }) as const;

export const userText = (userId: UserId, words = 'hi') =>
  ({
    author: { type: 'user', userId },
    content: { ...TEXT, text: words },
    source: { type: 'web' },
    metadata: null,
  }) as const;

export async function startStage(settings: object = {}, seen: (text: string, name: string) => void = () => undefined) {
  const database = await testDatabase();
  const db = new Db(database.url);
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  const appId = newId<AppId>();
  const switchboardId = newId<string>();
  await sql.query(`INSERT INTO app (id, display_name, settings, created_at) VALUES ($1, 'stage', $2, now())`, [
    appId,
    { multiConvoEnabled: true, ...settings },
  ]);
  await sql.query(`INSERT INTO switchboard (id, app_id, created_at) VALUES ($1, $2, now())`, [switchboardId, appId]);
  const seat = async (name: string, kind: string): Promise<Seat> => {
    const integrationId = newId<IntegrationId>();
    const id = newId<string>();
    await sql.query(
      `INSERT INTO integration (id, app_id, type, display_name, created_at) VALUES ($1, $2, 'custom', $3, now())`,
      [integrationId, appId, name],
    );
    await sql.query(
      `INSERT INTO switchboard_integration (id, switchboard_id, app_id, name, integration_id, integration_type, kind, created_at)
       VALUES ($1, $2, $3, $4, $5, 'custom', $6, now())`,
      [id, switchboardId, appId, name, integrationId, kind],
    );
    return { name, id, by: { type: 'integration', integrationId, keyId: `int_${integrationId}` as KeyId } };
  };
  const bot = await seat('bot', 'bot');
  const desk = await seat('desk', 'agent');
  const survey = await seat('survey', 'bot');
  await sql.query(`UPDATE switchboard SET enabled = true, default_id = $2 WHERE id = $1`, [switchboardId, bot.id]);

  const written: Settled[] = [];
  const recorder: RowWriter<Settled> = {
    name: 'recorder',
    write: (entries) => {
      written.push(...entries);
      return null;
    },
  };
  const signals = new EventEmitter2();
  const writers = [
    ...conversationWriters(signals),
    ...agentWriters(signals),
    ...routingWriters(signals),
    outboxWriter<Settled>(
      (entry) => [...announcements(entry), ...agentAnnouncements(entry)],
      () => undefined,
    ),
    recorder,
  ].map((writer): RowWriter<Settled> => ({
    name: writer.name,
    write: (entries) => {
      const one = writer.write(entries);
      if (one) seen(one.statement.text, one.statement.name);
      return one;
    },
  }));
  const ledgers: LedgerEngine<ConversationRequest, Loaded, Settled>[] = [];
  const open = (): ConversationCommands => {
    const book = new ConversationBook(new ConfigurationStore(db));
    const ledger = new LedgerEngine<ConversationRequest, Loaded, Settled>(book, writers, () => db.openWriter());
    ledgers.push(ledger);
    return new ConversationCommands(ledger);
  };
  const commands = open();
  const app: Actor = { type: 'app', keyId: 'app_0' as KeyId };
  const stage: Stage = {
    appId,
    url: database.url,
    db,
    sql,
    commands,
    replica: open,
    app,
    bot,
    desk,
    survey,
    written,
    async configure(text, ...values) {
      await sql.query('BEGIN');
      await sql.query(text, values);
      await sql.query('UPDATE app SET config_version = config_version + 1 WHERE id = $1', [appId]);
      await sql.query('COMMIT');
    },
    async user() {
      const id = newId<UserId>();
      await sql.query(
        `INSERT INTO app_user (id, app_id, external_id, signed_up_at, created_at) VALUES ($1, $2, $3, now(), now())`,
        [id, appId, `ext-${id}`],
      );
      return id;
    },
    async open(userId) {
      const opening = {
        type: 'personal',
        userId,
        participants: [userId],
        displayName: null,
        description: null,
        iconUrl: null,
        metadata: {},
      } as const;
      const { created } = await commands.open(appId, app, opening, null);
      return (created as { id: ConversationId }).id;
    },
    async close() {
      await Promise.all(ledgers.map((ledger) => ledger.drain(5_000)));
      await sql.end();
      await db.close();
      await database.drop();
    },
  };
  return stage;
}
