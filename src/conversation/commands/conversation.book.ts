import { Injectable } from '@nestjs/common';
import { ConfigurationStore, type AppConfiguration } from '../../configuration/index.js';
import { lockAgents } from '../../agents/index.js';
import { Failure, type AppId, type ConversationId, type Millis } from '../../kernel/index.js';
import type { Book, Row, Statement } from '../../ledger/index.js';
import {
  appsOf,
  lockConversations,
  lockUsers,
  readEndingUsers,
  readForms,
  readLive,
  readMemberships,
} from './held.store.js';
import { defaultsOf, readDefaults, readOpeners } from './defaults.store.js';
import { agentsByApp, agentsConcerned } from './agents-concerned.js';
import { heldOf, membershipOf, readRemovals, readUsers, usersOf } from './held.store.js';
import type { Loaded } from './loaded.js';
import type { Settled } from '../recorded.js';
import type { ConversationRequest } from './request.js';
import { settle } from './settle.js';
import { sharedRefusals } from './shared-refusals.js';

type Parts<T> = { readonly apps: T; readonly users: T; readonly conversations: T };
type Reads<T> = {
  readonly users: T;
  readonly defaults: T;
  readonly memberships: T;
  readonly forms: T;
  readonly removals: T;
  readonly live: T;
};

/** The ledger's book of conversations: what to lock and read, and how a command becomes a settled one. */
@Injectable()
export class ConversationBook implements Book<ConversationRequest, Loaded, Settled> {
  readonly refusals = sharedRefusals;

  constructor(private readonly configurations: ConfigurationStore) {}

  locks(requests: readonly ConversationRequest[]): readonly Statement[] {
    const { apps, users, conversations } = this.lockParts(requests);
    return [apps, users, conversations].filter((statement) => statement !== null);
  }

  reads(requests: readonly ConversationRequest[]): readonly Statement[] {
    const { users, defaults, memberships, forms, removals, live } = readParts(requests);
    return [users, defaults, memberships, forms, removals, live].filter((statement) => statement !== null);
  }

  async load(
    requests: readonly ConversationRequest[],
    locked: readonly (readonly Row[])[],
    read: readonly (readonly Row[])[],
    query: (statement: Statement) => Promise<readonly Row[]>,
  ): Promise<Loaded> {
    const locks = this.lockParts(requests);
    const reads = readParts(requests);
    const lockedRows = inTurn(locked);
    const apps = lockedRows(locks.apps);
    lockedRows(locks.users);
    const conversations = lockedRows(locks.conversations);
    const readRows = inTurn(read);
    const held = new Map(conversations.map(heldOf));
    const ending = readEndingUsers(requests, held);
    const named = readRows(reads.users);
    const openers = readRows(reads.defaults).map(heldOf);
    // Behind the conversations, which alone say whose agents they are; most groups concern none.
    const concerned = agentsConcerned(requests, held);
    const agents = concerned.length === 0 ? [] : await query(lockAgents(appsOf(requests), concerned));
    const configurations = await this.fresh(apps, query);
    const others = readDefaults(requests, held, configurations);
    const firsts = others ? (await query(others)).map(heldOf) : [];
    return {
      configurations,
      held,
      users: usersOf(ending ? [...named, ...(await query(ending))] : named),
      defaults: defaultsOf([...openers, ...held, ...firsts]),
      memberships: new Map(readRows(reads.memberships).map(membershipOf)),
      forms: new Map(
        readRows(reads.forms).map((row) => [row['conversation_id'] as ConversationId, row['submitted'] === true]),
      ),
      removals: new Map(
        readRows(reads.removals).map((row) => [row['conversation_id'] as ConversationId, row['removed'] as number]),
      ),
      live: new Map(
        readRows(reads.live).map((row) => [row['conversation_id'] as ConversationId, row['live'] as number]),
      ),
      agents: agentsByApp(agents),
    };
  }

  decide(request: ConversationRequest, loaded: Loaded, now: Millis): Settled {
    const configuration = loaded.configurations.get(request.appId);
    // Of an app that was deleted only the house still ends what lives.
    if (!configuration || (configuration.removed && !isByHouse(request)))
      throw new Failure('app_not_found', 'App not found');
    return settle(request, loaded, configuration, now);
  }

  /** The configurations at the versions just locked; a copy that proved stale is read again before anything is decided. */
  private async fresh(
    apps: readonly Row[],
    query: (statement: Statement) => Promise<readonly Row[]>,
  ): Promise<ReadonlyMap<AppId, AppConfiguration>> {
    const configurations = new Map<AppId, AppConfiguration>();
    for (const row of apps) {
      const appId = row['id'] as AppId;
      configurations.set(appId, await this.configurations.snapshot(appId, row['config_version'] as number, query));
    }
    return configurations;
  }

  private lockParts(requests: readonly ConversationRequest[]): Parts<Statement | null> {
    return {
      apps: this.configurations.locks(appsOf(requests)),
      users: lockUsers(requests),
      conversations: lockConversations(requests),
    };
  }
}

const readParts = (requests: readonly ConversationRequest[]): Reads<Statement | null> => ({
  users: readUsers(requests),
  defaults: readOpeners(requests),
  memberships: readMemberships(requests),
  forms: readForms(requests),
  removals: readRemovals(requests),
  live: readLive(requests),
});

const isByHouse = ({ command }: ConversationRequest): boolean => !('by' in command) || command.by.type === 'system';

/** Hands out row lists to the statements that were sent, in their order; none to those that were not. */
function inTurn(results: readonly (readonly Row[])[]): (statement: Statement | null) => readonly Row[] {
  let next = 0;
  return (statement) => (statement === null ? [] : (results[next++] ?? []));
}
