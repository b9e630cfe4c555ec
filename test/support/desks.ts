import { EventEmitter2 } from '@nestjs/event-emitter';
import {
  agentAnnouncements,
  AgentBook,
  AgentCommands,
  AgentsService,
  AgentTimersStore,
  ownWriters,
  WorkItemsQuery,
  type Agent,
  type AgentEntry,
  type AgentErrand,
  type Load,
  type WorkItem,
} from '../../src/agents/index.js';
import { AgentsStore } from '../../src/agents/agents.store.js';
import { ConfigurationStore } from '../../src/configuration/index.js';
import { AgentTimersSweep, Departures, PresenceService, TabsService } from '../../src/desk/index.js';
import type { AgentId, WorkItemId } from '../../src/kernel/index.js';
import { LedgerEngine, outboxWriter, type RowWriter } from '../../src/ledger/index.js';
import { Metrics } from '../../src/platform/telemetry/index.js';
import { agentActor, startFloor, type Floor, type Waiting } from './floor.js';
import { forApps } from './for-apps.js';

/** A floor whose agents come and go, close tabs and write notes: all of `src/desk` below HTTP. */
export interface Desks extends Floor {
  readonly agents: AgentCommands;
  readonly presence: PresenceService;
  readonly tabs: TabsService;
  readonly departures: Departures;
  readonly sweep: AgentTimersSweep;
  readonly items: WorkItemsQuery;
  errand(agentId: AgentId): AgentErrand;
  agent(agentId: AgentId): Promise<Agent>;
  /** A session that waited, was offered to this agent and is theirs. */
  taken(agentId: AgentId): Promise<Taken>;
  offered(agentId: AgentId): Promise<Taken>;
  accept(agentId: AgentId, taken: Taken): Promise<void>;
  /** Another process at the same database. */
  second(): Desks;
  /** Names of the agent's announced events, in order; their numbers must have no gaps. */
  told(agentId: AgentId): Promise<readonly string[]>;
}

export interface Taken extends Waiting {
  readonly workItemId: WorkItemId;
}

export async function startDesks(load: Partial<Load> = {}, settings: object = {}): Promise<Desks> {
  return desksOn(await startFloor(load, settings));
}

function desksOn(floor: Floor): Desks {
  const { appId, commands, db, sql } = floor;
  const own = forApps(db, appId);
  const signals = new EventEmitter2();
  const writers: RowWriter<AgentEntry>[] = [...ownWriters(signals), outboxWriter(agentAnnouncements, () => undefined)];
  const book = new AgentBook(new ConfigurationStore(db));
  const ledger = new LedgerEngine(book, writers, () => db.openWriter());
  const agents = new AgentCommands(ledger);
  // Of the service only what reads is used here; changes of profiles are tried over HTTP.
  const service = new AgentsService(
    new AgentsStore(own),
    null as never,
    { handOver: () => undefined } as never,
    signals,
  );
  const timers = new AgentTimersStore(own);
  const items = new WorkItemsQuery(own);
  const departures = new Departures(timers, service, commands);
  const sweep = new AgentTimersSweep(timers, agents, departures, { roles: new Set() } as never, new Metrics());
  const errand = (agentId: AgentId): AgentErrand => ({ appId, agentId, idempotency: null });
  const agent = async (id: AgentId): Promise<Agent> => (await service.find(appId, id)).agent;
  const itemOf = async (agentId: AgentId, { sessionId }: Waiting): Promise<WorkItem> => {
    const item = (await agent(agentId)).work.find((one) => one.sessionId === sessionId);
    if (!item) throw new Error('the session was not offered');
    return item;
  };
  const offered = async (agentId: AgentId): Promise<Taken> => {
    const waiting = await floor.waiting();
    const to = { appId, conversationId: waiting.conversationId, by: { type: 'system' }, idempotency: null } as const;
    await commands.run(to, { type: 'offerWork', agentId });
    return { ...waiting, workItemId: (await itemOf(agentId, waiting)).id };
  };
  const accept = async (agentId: AgentId, { conversationId, workItemId }: Taken): Promise<void> => {
    const by = agentActor(agentId);
    const answer = await commands.run(
      { appId, conversationId, by, idempotency: null },
      { type: 'acceptWork', by, workItemId },
    );
    if (!answer.decision.ok) throw new Error(`not accepted: ${JSON.stringify(answer.decision)}`);
  };
  return {
    ...floor,
    agents,
    presence: new PresenceService(agents, service, timers, departures),
    tabs: new TabsService(agents, commands, items),
    departures,
    sweep,
    items,
    errand,
    agent,
    offered,
    accept,
    async taken(agentId) {
      const one = await offered(agentId);
      await accept(agentId, one);
      return one;
    },
    async told(agentId) {
      const { rows } = await sql.query<{ seq: string; type: string }>(
        `SELECT seq, (body::jsonb ->> 'type') AS type FROM outbox WHERE conversation_id = $1 ORDER BY seq`,
        [agentId],
      );
      rows.forEach(({ seq }, index) => {
        if (Number(seq) !== index + 1) throw new Error(`events of ${agentId} are ${rows.map((row) => row.seq).join()}`);
      });
      return rows.map(({ type }) => type.replace('switchboard.v1.', ''));
    },
    second: () => desksOn({ ...floor, commands: floor.replica(), close: () => Promise.resolve() }),
    async close() {
      await sweep.stop();
      await ledger.drain(5_000);
      await floor.close();
    },
  };
}
