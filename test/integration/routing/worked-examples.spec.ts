import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AgentId, ConversationId } from '../../../src/kernel/index.js';
import { startDesks, type Desks } from '../../support/desks.js';
import { agentActor, type Waiting } from '../../support/floor.js';
import { startRouter, type Router } from '../../support/routers.js';
import { userText } from '../../support/stage.js';

/**
 * The worked examples (`docs/rules.md` 3.7) with whole sessions: every step is a command, and who gets the next session
 * is the dispatcher's doing.
 */
interface House {
  readonly desks: Desks;
  readonly router: Router;
}
let tab: House;
let status: House;
let halved: House;

beforeAll(async () => {
  const open = async (load: Parameters<typeof startDesks>[0]): Promise<House> => {
    const desks = await startDesks(load);
    return { desks, router: startRouter(desks.url) };
  };
  tab = await open({ model: 'tab_based', weight: 2 });
  status = await open({ model: 'status_based', weight: 2 });
  halved = await open({ model: 'status_based', weight: 2, pausedWeight: 0.5 });
});
afterAll(async () => {
  for (const { router, desks } of [tab, status, halved]) {
    await router?.close();
    await desks?.close();
  }
});

/** One agent with room for four, and what happens to their sessions; an agent of an earlier test is gone. */
class Story {
  private constructor(
    private readonly house: House,
    readonly agentId: AgentId,
  ) {}

  static async begin(house: House): Promise<Story> {
    await house.desks.sql.query(`UPDATE agent SET offerable = false, presence = presence || '{"status": "offline"}'`);
    return new Story(house, await house.desks.hire(4));
  }

  errand(conversationId: ConversationId, as: 'agent' | 'app' = 'agent') {
    const { appId, app } = this.house.desks;
    const by = as === 'app' ? app : agentActor(this.agentId);
    return { appId, conversationId, by, idempotency: null };
  }

  /** A session comes, and is offered if there is room. */
  async comes(): Promise<Waiting> {
    const waiting = await this.house.desks.waiting();
    await this.route();
    return waiting;
  }

  route(): Promise<void> {
    return this.house.router.dispatcher.sweep();
  }

  async accepted(): Promise<Waiting> {
    const waiting = await this.comes();
    await this.accept(waiting);
    return waiting;
  }

  async accept({ conversationId }: Waiting): Promise<void> {
    const session = await this.house.desks.session(conversationId);
    if (session.status !== 'WAITING' || !session.waiting.offer) throw new Error('nobody is asked');
    const { workItemId } = session.waiting.offer;
    const command = { type: 'acceptWork', by: agentActor(this.agentId), workItemId } as const;
    const { decision } = await this.house.desks.commands.run(this.errand(conversationId), command);
    expect(decision.ok).toBe(true);
  }

  async ends({ conversationId, sessionId }: Waiting): Promise<void> {
    const ended = await this.house.desks.commands.end(this.errand(conversationId), sessionId, { via: 'window' });
    expect(ended.decision.ok).toBe(true);
    await this.route();
  }

  async closes({ sessionId }: Waiting): Promise<void> {
    const { desks } = this.house;
    const item = (await desks.agent(this.agentId)).work.find((one) => one.sessionId === sessionId);
    if (!item) throw new Error('there is no tab');
    await desks.tabs.close(desks.errand(this.agentId), agentActor(this.agentId), item.id, {
      choice: null,
      notes: null,
    });
    await this.route();
  }

  async rests({ conversationId }: Waiting): Promise<void> {
    const command = { type: 'inactivateSession', by: agentActor(this.agentId) } as const;
    const { decision } = await this.house.desks.commands.run(this.errand(conversationId), command);
    expect(decision.ok).toBe(true);
    await this.route();
  }

  async writes({ conversationId, user }: Waiting): Promise<void> {
    const errand = { ...this.errand(conversationId), by: user };
    await this.house.desks.commands.receive(errand, user.userId, userText(user.userId));
    await this.route();
  }

  /** `WAITING`, `offered` to the agent, `ACTIVE` with them. */
  async where({ conversationId }: Waiting): Promise<string> {
    const session = await this.house.desks.session(conversationId);
    if (session.status !== 'WAITING') return session.status;
    return session.waiting.offer?.agentId === this.agentId ? 'offered' : 'WAITING';
  }

  async used(): Promise<string> {
    return `${(await this.house.desks.work(this.agentId)).used}/4`;
  }
}

describe('worked examples, with whole sessions', () => {
  it('X-1 tab-based: the end is no release, the closed tab is', async () => {
    const story = await Story.begin(tab);
    const [first, second] = [await story.accepted(), await story.accepted()];
    expect(await story.used()).toBe('4/4');
    const third = await story.comes();
    await story.ends(first);
    expect([await story.used(), await story.where(third)]).toEqual(['4/4', 'WAITING']);
    await story.closes(first);
    expect([await story.used(), await story.where(third)]).toEqual(['4/4', 'offered']);
    expect(await story.where(second)).toBe('ACTIVE');
    await tab.desks.commands.end(story.errand(third.conversationId, 'app'), null, { via: 'api' });
  });

  it('X-2 tab-based: inactive makes room, and who comes back gets the first agent only if there is room', async () => {
    const story = await Story.begin(tab);
    await story.accepted();
    const second = await story.accepted();
    const third = await story.comes();
    await story.rests(second);
    expect([await story.used(), await story.where(third)]).toEqual(['4/4', 'offered']);
    await story.writes(second);
    expect(await story.where(second)).toBe('WAITING');
    await tab.desks.commands.end(story.errand(third.conversationId, 'app'), null, { via: 'api' });
    await story.route();
    expect([await story.used(), await story.where(second)]).toEqual(['4/4', 'offered']);
    await tab.desks.commands.end(story.errand(second.conversationId, 'app'), null, { via: 'api' });
  });

  it('X-3 K-7 K-8 status-based: inactive and back goes over the limit, and no offer comes until it fits', async () => {
    const story = await Story.begin(status);
    const [first, second] = [await story.accepted(), await story.accepted()];
    await story.rests(first);
    expect(await story.used()).toBe('2/4');
    const third = await story.accepted();
    expect(await story.used()).toBe('4/4');
    await story.writes(first);
    expect([await story.used(), await story.where(first)]).toEqual(['6/4', 'ACTIVE']);
    const next = await story.comes();
    await story.ends(second);
    expect([await story.used(), await story.where(next)]).toEqual(['4/4', 'WAITING']);
    await story.ends(third);
    expect([await story.used(), await story.where(next)]).toEqual(['4/4', 'offered']);
    await status.desks.commands.end(story.errand(next.conversationId, 'app'), null, { via: 'api' });
  });

  it('X-4 status-based: what is paused counts its paused weight', async () => {
    const story = await Story.begin(halved);
    const [first] = [await story.accepted(), await story.accepted()];
    await story.rests(first);
    expect(await story.used()).toBe('2.5/4');
    const third = await story.comes();
    expect(await story.where(third)).toBe('WAITING');
    await halved.desks.commands.end(story.errand(third.conversationId, 'app'), null, { via: 'api' });
  });
});
