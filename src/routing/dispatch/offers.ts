import type { ConversationCommands, Queue } from '../../conversation/index.js';
import { Failure, type AppId } from '../../kernel/index.js';
import { candidates, serves } from '../core/candidates.js';
import { byTurn } from '../core/waiting.js';
import type { DispatchStore, InLine } from './dispatch.store.js';
import type { Floor } from './floor.js';
import type { RoutingMetrics } from './metrics.js';

/** Sessions of one queue that are looked at together. */
const PAGE = 100;
/** So many sessions at the head of a queue may want what nobody has before those behind them are passed over. */
const MOST_PAGES = 20;
/** Offers in the ledger at once. */
const AT_ONCE = 32;

/** How a session that waits was dealt with: `moved`: it no longer waits, or another process was at it. */
type Outcome = 'offered' | 'nobody' | 'moved';

/** One pass over the sessions of one app that nobody is asked for: in their turn, each to the first who takes it. */
export class Offers {
  /** Somebody was asked who could not take it after all: what this pass knew is old. */
  stale = false;

  constructor(
    private readonly appId: AppId,
    private readonly store: DispatchStore,
    private readonly commands: ConversationCommands,
    private readonly floor: Floor,
    private readonly metrics: RoutingMetrics,
  ) {}

  async make(queues: readonly (Queue | null)[]): Promise<void> {
    let lines = queues.map((queue) => ({ queue, after: null as InLine | null }));
    for (let page = 0; page < MOST_PAGES && lines.length > 0; page++) {
      const served = lines.filter(({ queue }) => this.isServed(queue));
      const pages = await Promise.all(
        served.map(({ queue, after }) =>
          this.store.inLine({ appId: this.appId, queueId: queue?.id ?? null }, after, PAGE),
        ),
      );
      const queueOf = new Map(served.map(({ queue }) => [queue?.id ?? null, queue]));
      const turn = pages.flat().toSorted(byTurn);
      await each(turn, AT_ONCE, async (work) => {
        await this.offer(work, queueOf.get(work.queueId) ?? null);
      });
      lines = served.flatMap(({ queue }, index) => {
        const found = pages[index] ?? [];
        return found.length < PAGE ? [] : [{ queue, after: found.at(-1) ?? null }];
      });
    }
  }

  /** Without anybody who serves it at all a queue need not be read. */
  private isServed(queue: Queue | null): boolean {
    return this.floor.agents.some((agent) => serves(agent, { skills: [] }, queue));
  }

  private async offer(work: InLine, queue: Queue | null): Promise<Outcome> {
    for (;;) {
      const [agent] = candidates(work, queue, this.floor.agents);
      if (!agent) return 'nobody';
      this.floor.reserve(agent.id, work);
      const answer = await this.ask(work, agent.id);
      if (answer === 'offered') this.metrics.offered(work.waitedMs);
      if (answer === 'moved') this.floor.release(agent.id, work);
      if (answer !== 'refused') return answer;
      this.metrics.refused();
      this.stale = true;
      this.floor.forget(agent.id);
    }
  }

  private async ask(
    { conversationId, sessionId }: InLine,
    agentId: Parameters<Floor['forget']>[0],
  ): Promise<'offered' | 'moved' | 'refused'> {
    const errand = { appId: this.appId, conversationId, by: { type: 'system' }, idempotency: null } as const;
    try {
      const { decision } = await this.commands.runIn(errand, sessionId, { type: 'offerWork', agentId });
      if (decision.ok) return 'offered';
      return decision.refusal.reason === 'notWaiting' ? 'moved' : 'refused';
    } catch (error) {
      if (error instanceof Failure && error.code === 'conversation_not_found') return 'moved';
      throw error;
    }
  }
}

/** In order, so many at once; the first that fails stops the rest from being begun. */
export async function each<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}
