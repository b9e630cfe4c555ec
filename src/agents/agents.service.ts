import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { ConfigurationChange, type Asked } from '../configuration/index.js';
import { Failure, type AgentId, type AppId } from '../kernel/index.js';
import { OutboxRelay, outboxWriter, type RowWriter } from '../ledger/index.js';
import type { Slice } from '../platform/http/index.js';
import { newId } from '../platform/ids.js';
import { AgentsStore, type AgentFilter } from './agents.store.js';
import { agentAnnouncements } from './announcements.js';
import { decideAgent, initialAgent, type AgentProfile } from './core/index.js';
import type { AgentEntry } from './ledger/agent.request.js';
import { ownWriters } from './rows/index.js';
import { agentView, type AgentView, type KnownAgent } from './views.js';

export interface AgentDraft extends AgentProfile {
  /** The business' own id; for good. */
  readonly externalId: string | null;
}

/** Parts of a profile; `permissions` and `limits` merge too. */
export type ProfilePatch = Partial<Omit<AgentProfile, 'permissions' | 'limits'>> & {
  readonly permissions?: Partial<AgentProfile['permissions']>;
  readonly limits?: Partial<AgentProfile['limits']>;
};

/** Who the agents of an app are. Changes are logged as those of settings are (`src/audit`). */
@Injectable()
export class AgentsService {
  private readonly writers: readonly RowWriter<AgentEntry>[];

  constructor(
    private readonly agents: AgentsStore,
    private readonly change: ConfigurationChange,
    relay: OutboxRelay,
    signals: EventEmitter2,
  ) {
    this.writers = [...ownWriters(signals), outboxWriter(agentAnnouncements, (rows) => relay.handOver(rows))];
  }

  create(appId: AppId, { externalId, ...profile }: AgentDraft, asked: Asked): Promise<AgentView> {
    return this.change.run(appId, asked, { action: 'agent.create' }, async (tx) => {
      const agent = initialAgent(newId<AgentId>(), profile, await this.agents.now(tx));
      const known = await this.agents.insert(tx, appId, agent, externalId);
      if (known === null) throw new Failure('conflict', 'An agent with this externalId exists already.');
      const after = agentView(known);
      return { answer: after, subject: agent.id, before: null, after: { externalId, ...profile } };
    });
  }

  async list(appId: AppId, filter: AgentFilter, slice: Slice): Promise<readonly AgentView[]> {
    return (await this.agents.list(appId, filter, slice)).map(agentView);
  }

  /** By our id or the business' own. @throws Failure `agent_not_found` */
  async find(appId: AppId, idOrExternalId: string): Promise<KnownAgent> {
    const known = await this.agents.find(appId, idOrExternalId);
    if (known === null) throw agentNotFound();
    return known;
  }

  /**
   * Merges; a limit that falls below what is used stops new offers and takes nothing away (K-8). One who is made
   * inactive is offline and logged out with that, and their tab-based sessions go to somebody else.
   */
  async patch(appId: AppId, idOrExternalId: string, patch: ProfilePatch, asked: Asked): Promise<AgentView> {
    const { agent, ...known } = await this.find(appId, idOrExternalId);
    let hooks: readonly (() => void)[] = [];
    const changed = await this.change.run(appId, asked, { action: 'agent.update' }, async (tx) => {
      const before = await this.agents.lock(tx, appId, agent.id);
      if (before === null) throw agentNotFound();
      const profile = merged(before.profile, patch);
      const now = await this.agents.now(tx);
      const { agent: after, events, departures } = decideAgent(before, { type: 'setProfile', profile }, now);
      const agents = [{ before, after, events, causedBy: null }];
      const answer = { refusal: null, agent: after, departures, at: now };
      const entry = { appId, agentId: agent.id, agents, departures, notes: null, world: { now }, answer };
      hooks = await this.agents.write(tx, this.writers, entry);
      return { answer: after, subject: agent.id, before: before.profile, after: profile };
    });
    for (const hook of hooks) hook();
    return agentView({ agent: changed, ...known });
  }
}

function merged(profile: AgentProfile, patch: ProfilePatch): AgentProfile {
  return {
    ...profile,
    ...patch,
    permissions: { ...profile.permissions, ...patch.permissions },
    limits: { ...profile.limits, ...patch.limits },
  };
}

const agentNotFound = (): Failure => new Failure('agent_not_found', 'Agent not found');
