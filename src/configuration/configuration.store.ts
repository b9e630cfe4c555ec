import { Injectable } from '@nestjs/common';
import { CompiledQuery } from 'kysely';
import { LRUCache } from 'lru-cache';
import { Failure, type AppId } from '../kernel/index.js';
import type { Row, Statement } from '../ledger/index.js';
import { Db, inApps, type Tx } from '../platform/postgres/index.js';
import type { AppConfiguration } from './app-configuration.js';
import { configurationOf } from './configuration.of-row.js';
import { lockVersions, raiseVersion, readConfiguration } from './configuration.rows.store.js';

type Query = (statement: Statement) => Promise<readonly Row[]>;

/** How old a configuration may be that is only read; decisions compare the version under a lock instead. */
const FRESH_MS = 2_000;
const MOST_KNOWN = 10_000;

interface Known {
  readonly configuration: AppConfiguration;
  readonly until: number;
}

/**
 * Configurations of apps by version. A decision asks for the version it locked and never gets another; a plain read
 * gets what is at most two seconds old, and at once what this process changed.
 */
@Injectable()
export class ConfigurationStore {
  readonly #known = new LRUCache<AppId, Known>({ max: MOST_KNOWN });
  /** Changes made by this process; a read that one of them overtook is not fresh. */
  #changes = 0;

  constructor(private readonly db: Db) {}

  /** Locks the apps' rows FOR SHARE in id order; rows of `id`, `config_version`. */
  locks(appIds: readonly AppId[]): Statement {
    return lockVersions(appIds);
  }

  /**
   * The configuration at `version`, or as it is now for `null`. A stale copy is read again by `query`, inside the
   * transaction that holds the lock, so what comes back is of that version.
   *
   * @throws Failure `app_not_found`
   */
  async snapshot(appId: AppId, version: number | null, query: Query): Promise<AppConfiguration> {
    const known = this.#known.get(appId)?.configuration;
    return known !== undefined && known.version === version ? known : this.read(appId, query);
  }

  /** For reads outside of decisions. @throws Failure `app_not_found` */
  async current(appId: AppId): Promise<AppConfiguration> {
    const known = this.#known.get(appId);
    if (known !== undefined && performance.now() < known.until) return standing(known.configuration);
    return standing(await inApps([appId], () => this.read(appId, (statement) => rowsOf(this.db.kysely, statement))));
  }

  /** What was read last, however old, for what must be answered while the database is away; `null`: nothing. */
  lastKnown(appId: AppId): AppConfiguration | null {
    return this.#known.get(appId)?.configuration ?? null;
  }

  /** At `version`, which the caller has just read, or newer; for reads outside of decisions. @throws Failure `app_not_found` */
  async since(appId: AppId, version: number): Promise<AppConfiguration> {
    const known = this.#known.get(appId)?.configuration;
    if (known !== undefined && known.version >= version) return known;
    return inApps([appId], () => this.read(appId, (statement) => rowsOf(this.db.kysely, statement)));
  }

  /**
   * Raises the version, in the transaction of the change. It locks the app's row, so what is checked after it holds
   * until the commit. @throws Failure `app_not_found`
   */
  async touch(tx: Tx, appId: AppId): Promise<void> {
    if (!(await raiseVersion(tx, appId))) throw appNotFound();
  }

  /** As it is inside the transaction of a change, which may yet be undone: such a version is never kept. */
  async within(tx: Tx, appId: AppId): Promise<AppConfiguration> {
    const [row] = await rowsOf(tx, readConfiguration(appId));
    if (row === undefined) throw appNotFound();
    return configurationOf(row);
  }

  /** After the commit of a change: this process reads anew at once, others when their copy is too old. */
  forget(appId: AppId): void {
    this.#changes += 1;
    const known = this.#known.get(appId);
    if (known !== undefined) this.#known.set(appId, { ...known, until: 0 });
  }

  private async read(appId: AppId, query: Query): Promise<AppConfiguration> {
    const changes = this.#changes;
    const until = performance.now() + FRESH_MS;
    const [row] = await query(readConfiguration(appId));
    if (row === undefined) {
      this.#known.delete(appId);
      throw appNotFound();
    }
    return this.keep(configurationOf(row), changes === this.#changes ? until : 0);
  }

  /** What a newer version overtook is used, but not kept. */
  private keep(configuration: AppConfiguration, until: number): AppConfiguration {
    const { appId, version } = configuration;
    const known = this.#known.get(appId);
    if (known !== undefined && known.configuration.version > version) return configuration;
    this.#known.set(appId, { configuration, until });
    return configuration;
  }
}

async function rowsOf(on: Tx | Db['kysely'], { text, values }: Statement): Promise<readonly Row[]> {
  const { rows } = await on.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
  return rows;
}

/** To whoever only reads, a deleted app is gone. */
function standing(configuration: AppConfiguration): AppConfiguration {
  if (configuration.removed) throw appNotFound();
  return configuration;
}

function appNotFound(): Failure {
  return new Failure('app_not_found', 'App not found');
}
