import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PresenceStatus } from '../../../src/agents/index.js';
import type { Session } from '../../../src/conversation/index.js';
import type { AgentId, ConversationId, WorkItemId } from '../../../src/kernel/index.js';
import { newId } from '../../../src/platform/ids.js';
import { agentActor, startFloor, type Floor, type Waiting } from '../../support/floor.js';
import { holdBack, startRouter, type Router } from '../../support/routers.js';
import { userText } from '../../support/stage.js';

const ROUNDS = Number(process.env['SWITCHBOARD_TEST_ROUTERS'] ?? 25);

let floor: Floor;
let one: Router;
let two: Router;

beforeAll(async () => {
  floor = await startFloor({ weight: 2 });
  one = startRouter(floor.url);
  two = startRouter(floor.url);
});
afterAll(async () => {
  await one.close();
  await two.close();
  await floor.close();
});

/** Every test begins on an empty floor, with a queue that asks nothing. */
beforeEach(async () => {
  await set('offline');
  const { rows } = await floor.sql.query<{ id: ConversationId }>('SELECT conversation_id AS id FROM waiting');
  for (const { id } of rows) await floor.commands.end(errand(id), null, { via: 'api' });
  await queue({});
});

/** An agent's status as the row has it; everybody's without one. */
const set = (status: PresenceStatus, agentId: AgentId | null = null) =>
  floor.sql.query(
    `UPDATE agent SET offerable = ($1 = 'online'), status = $1, presence = presence || jsonb_build_object('status', $1)
     WHERE $2::text IS NULL OR id = $2`,
    [status, agentId],
  );

const errand = (conversationId: ConversationId) => ({
  appId: floor.appId,
  conversationId,
  by: floor.app,
  idempotency: null,
});

const queue = (columns: Readonly<Record<string, unknown>>, id: string = floor.queueId): Promise<void> => {
  const all = { auto_accept: false, most_waiting: null, hours: null, overflow_to: 'none', overflow_queue_id: null };
  const named = Object.entries({ ...all, skills: [], ...columns });
  const text = named.map(([name], index) => `${name} = $${index + 2}`).join(', ');
  return floor.configure(`UPDATE queue SET ${text} WHERE id = $1`, id, ...named.map(([, value]) => value));
};

const otherQueue = async (name: string): Promise<string> => {
  const id = newId();
  await floor.configure(
    `INSERT INTO queue (id, app_id, name, asked_first, created_at) VALUES ($1, $2, $3, '{mostAvailable}', now())`,
    id,
    floor.appId,
    `${name} ${id}`,
  );
  return id;
};

/** Who is asked, or who took it. */
async function askedFor({ conversationId }: Pick<Waiting, 'conversationId'>): Promise<AgentId | null> {
  const session = await floor.session(conversationId);
  return session.status === 'WAITING' ? (session.waiting.offer?.agentId ?? null) : (session.human?.owner ?? null);
}

async function offerOf({ conversationId }: Waiting): Promise<WorkItemId> {
  const session = await floor.session(conversationId);
  if (session.status !== 'WAITING' || !session.waiting.offer) throw new Error('nobody is asked');
  return session.waiting.offer.workItemId;
}

const answer = async (waiting: Waiting, agentId: AgentId, type: 'acceptWork' | 'declineWork'): Promise<Session> => {
  const workItemId = await offerOf(waiting);
  const by = agentActor(agentId);
  await floor.commands.run({ ...errand(waiting.conversationId), by }, { type, by, workItemId });
  return floor.session(waiting.conversationId);
};

describe('the dispatcher', () => {
  it('T6 T11 offers a session that waits to an agent with room, who takes control by accepting', async () => {
    const agent = await floor.hire();
    const waiting = await floor.waiting();
    await one.dispatcher.sweep();
    expect(await askedFor(waiting)).toBe(agent);
    expect(await answer(waiting, agent, 'acceptWork')).toMatchObject({ status: 'ACTIVE', human: { owner: agent } });
  });

  it('T12 asks the next after a no, and everybody again once all said no', async () => {
    const [first, second] = [await floor.hire(9), await floor.hire(4)];
    const waiting = await floor.waiting();
    await one.dispatcher.sweep();
    expect(await askedFor(waiting)).toBe(first);
    await answer(waiting, first, 'declineWork');
    await one.dispatcher.sweep();
    expect(await askedFor(waiting)).toBe(second);
    await answer(waiting, second, 'declineWork');
    await one.dispatcher.sweep();
    expect(await askedFor(waiting)).toBe(first);
  });

  it('K-3 K-8 fills nobody beyond the limit, and goes on in the order of asking when there is room', async () => {
    const agent = await floor.hire(4);
    const waiting = [await floor.waiting(), await floor.waiting(), await floor.waiting()];
    await one.dispatcher.sweep();
    expect(await Promise.all(waiting.map(askedFor))).toEqual([agent, agent, null]);
    expect(await floor.work(agent)).toEqual({ used: 4, items: ['offered', 'offered'] });
    await floor.commands.end(errand(waiting[0]?.conversationId as ConversationId), null, { via: 'api' });
    await one.dispatcher.sweep();
    expect(await askedFor(waiting[2] as Waiting)).toBe(agent);
  });

  it('I-1 a session set inactive makes room for the next', async () => {
    const agent = await floor.hire(2);
    const [first, second] = [await floor.waiting(), await floor.waiting()];
    await one.dispatcher.sweep();
    await answer(first, agent, 'acceptWork');
    await one.dispatcher.sweep();
    expect(await askedFor(second)).toBeNull();
    await floor.commands.run(errand(first.conversationId), { type: 'inactivateSession', by: floor.app });
    await one.dispatcher.sweep();
    expect(await askedFor(second)).toBe(agent);
  });

  it('M-11 X-5 work of an agent who is gone goes to another one, in its old place', async () => {
    const gone = await floor.hire(4);
    const first = await floor.waiting();
    await one.dispatcher.sweep();
    await answer(first, gone, 'acceptWork');
    const later = await floor.waiting();
    await set('offline', gone);
    await floor.commands.detachAgent(errand(first.conversationId), gone);
    const other = await floor.hire(2);
    await one.dispatcher.sweep();
    expect([await askedFor(first), await askedFor(later)]).toEqual([other, null]);
    expect((await floor.work(gone)).used).toBe(0);
  });

  it('I-7 what comes back from INACTIVE is offered to whoever is free', async () => {
    const [first, second] = [await floor.hire(4), await floor.hire(2)];
    const waiting = await floor.waiting();
    await one.dispatcher.sweep();
    await answer(waiting, first, 'acceptWork');
    await floor.commands.run(errand(waiting.conversationId), { type: 'inactivateSession', by: floor.app });
    await set('away', first);
    const { user } = waiting;
    await floor.commands.receive({ ...errand(waiting.conversationId), by: user }, user.userId, userText(user.userId));
    await one.dispatcher.sweep();
    expect(await askedFor(waiting)).toBe(second);
  });

  it('T17 K-12 a transfer for a skill is offered to who has it; the tab of the sender counts until it is closed', async () => {
    const sender = await floor.hire(9);
    const french = await floor.hire(2, { skills: ['french'] });
    const waiting = await floor.waiting();
    await one.dispatcher.sweep();
    await answer(waiting, sender, 'acceptWork');
    const by = agentActor(sender);
    const to = { type: 'queue', queueId: null, skills: ['french'] } as const;
    await floor.commands.run({ ...errand(waiting.conversationId), by }, { type: 'transferSession', by, to });
    await one.dispatcher.sweep();
    expect(await askedFor(waiting)).toBe(french);
    expect(await floor.work(sender)).toEqual({ used: 2, items: ['over'] });
  });

  it('nobody who is busy, or lacks a skill, is asked', async () => {
    await queue({ skills: ['french'] });
    await floor.hire();
    const french = await floor.hire(4, { skills: ['french', 'german'] });
    const waiting = await floor.waiting();
    await set('busy', french);
    await one.dispatcher.sweep();
    expect(await askedFor(waiting)).toBeNull();
    await set('online', french);
    await one.dispatcher.sweep();
    expect(await askedFor(waiting)).toBe(french);
  });

  it('T11 autoAccept: the offer is the acceptance, also one that another process left behind', async () => {
    const agent = await floor.hire();
    const [first, second] = [await floor.waiting(), await floor.waiting()];
    await floor.commands.run(errand(first.conversationId), { type: 'offerWork', agentId: agent });
    await queue({ auto_accept: true });
    await one.dispatcher.sweep();
    for (const { conversationId } of [first, second]) {
      expect(await floor.session(conversationId)).toMatchObject({ status: 'ACTIVE', human: { owner: agent } });
    }
  });
});

describe('overflow (T13)', () => {
  it('T13 by count: those beyond the limit go where the queue says, the newest of them', async () => {
    const other = await otherQueue('other');
    await queue({ most_waiting: 1, overflow_to: 'queue', overflow_queue_id: other });
    const [first, second] = [await floor.waiting(), await floor.waiting()];
    await one.dispatcher.sweep();
    expect((await floor.session(first.conversationId)).human?.queueId).toBe(floor.queueId);
    expect((await floor.session(second.conversationId)).human?.queueId).toBe(other);
  });

  it('T13 by hours: a closed queue asks nobody and overflows at once', async () => {
    await floor.hire();
    const waiting = await floor.waiting();
    await queue({ hours: JSON.stringify({ timeZone: 'UTC', open: [] }), overflow_to: 'end' });
    await one.dispatcher.sweep();
    expect(await floor.session(waiting.conversationId)).toMatchObject({
      status: 'ENDED',
      end: { reason: 'queue_timeout' },
    });
  });

  it('T13 with nowhere to go it is told once, and the session waits on', async () => {
    await queue({ most_waiting: 0 });
    const waiting = await floor.waiting();
    await one.dispatcher.sweep();
    await one.dispatcher.sweep();
    expect(await floor.count(waiting.conversationId, 'queueOverflowed')).toBe(1);
    const agent = await floor.hire();
    await one.dispatcher.sweep();
    expect(await askedFor(waiting)).toBe(agent);
  });
});

describe('several dispatchers', () => {
  const atOnce = async (): Promise<void> => {
    await Promise.all([one.dispatcher.sweep(), two.dispatcher.sweep()]);
  };
  /** The second sees an agent with room, and acts when the first has filled it. */
  const oneLate = async (): Promise<void> => {
    const late = holdBack(two);
    const sweep = two.dispatcher.sweep();
    await late.seen;
    await one.dispatcher.sweep();
    late.go();
    await sweep;
  };

  it(
    'X-12 K-3 two sessions, two routers, room for one: exactly one offer, every time',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const agent = await floor.hire(2);
        const waiting = [await floor.waiting(), await floor.waiting()];
        await (round % 2 === 0 ? atOnce() : oneLate());
        const asked = await Promise.all(waiting.map(askedFor));
        expect(asked.filter((id) => id === agent)).toHaveLength(1);
        expect(await floor.work(agent)).toEqual({ used: 2, items: ['offered'] });
        await set('offline', agent);
        for (const { conversationId } of waiting)
          await floor.commands.end(errand(conversationId), null, { via: 'api' });
      }
    },
    10_000 + ROUNDS * 400,
  );

  it('no session is offered to two agents, and none is forgotten', async () => {
    const agents = await Promise.all(Array.from({ length: 5 }, () => floor.hire(4)));
    const waiting = await Promise.all(Array.from({ length: 12 }, () => floor.waiting()));
    await Promise.all([one.dispatcher.sweep(), two.dispatcher.sweep()]);
    await one.dispatcher.sweep();
    const asked = await Promise.all(waiting.map(askedFor));
    expect(asked.filter((id) => id !== null)).toHaveLength(10);
    for (const agent of agents) expect((await floor.work(agent)).used).toBe(4);
  });
});
