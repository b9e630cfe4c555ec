import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { granted, type ConversationCommands, type SettledAnswer } from '../../../src/conversation/index.js';
import { Failure, type AgentId, type WorkItemId } from '../../../src/kernel/index.js';
import { agentActor, startFloor, type Floor, type Waiting } from '../../support/floor.js';
import { userText } from '../../support/stage.js';

/** A thousand rounds each by hand; so many in every run that a missing lock shows. */
const ROUNDS = Number(process.env['SWITCHBOARD_RACE_ROUNDS'] ?? 40);
const AT_ONCE = 10;

let floor: Floor;
/** Two processes: what one does to a conversation or an agent only the locks keep from the other. */
let processes: readonly ConversationCommands[];
beforeAll(async () => {
  floor = await startFloor({ weight: 2 });
  processes = [floor.commands, floor.replica()];
});
let turn = 0;
const either = (): ConversationCommands => processes[turn++ % 2] ?? floor.commands;

afterAll(() => floor?.close());

/** Many rounds, some at a time: rounds share agents and groups, as they do in life. */
async function rounds(one: (round: number) => Promise<void>): Promise<void> {
  for (let done = 0; done < ROUNDS; done += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, ROUNDS - done) }, (_, n) => one(done + n)));
  }
}

const asked = (answers: readonly SettledAnswer[]): readonly string[] =>
  answers.map((answer) => {
    try {
      granted(answer);
      return 'granted';
    } catch (error) {
      if (error instanceof Failure) return error.code;
      throw error;
    }
  });

const errand = ({ conversationId }: Waiting, by = { type: 'system' } as Parameters<typeof agentActor>[0] | object) =>
  ({ appId: floor.appId, conversationId, by, idempotency: null }) as never;

const offer = (waiting: Waiting, agentId: AgentId) => either().run(errand(waiting), { type: 'offerWork', agentId });

async function offered(waiting: Waiting): Promise<WorkItemId> {
  const session = await floor.session(waiting.conversationId);
  if (session.status !== 'WAITING' || !session.waiting.offer) throw new Error('nobody is asked');
  return session.waiting.offer.workItemId;
}

const accept = (waiting: Waiting, agentId: AgentId, workItemId: WorkItemId) => {
  const by = agentActor(agentId);
  return either().run(errand(waiting, by), { type: 'acceptWork', by, workItemId });
};

async function taken(agentId: AgentId): Promise<Waiting> {
  const waiting = await floor.waiting();
  granted(await offer(waiting, agentId));
  granted(await accept(waiting, agentId, await offered(waiting)));
  return waiting;
}

describe('at the same moment', () => {
  it('X-12 K-3 two sessions and one agent with room for one: exactly one is offered', async () => {
    await rounds(async () => {
      const agentId = await floor.hire(2);
      const two = await Promise.all([floor.waiting(), floor.waiting()]);
      const answers = await Promise.all(two.map((waiting) => offer(waiting, agentId)));
      expect(asked(answers).toSorted()).toEqual(['granted', 'no_capacity']);
      expect(await floor.work(agentId)).toEqual({ used: 2, items: ['offered'] });
    });
  });

  it('T11 two who accept one offer, the same agent twice and a supervisor: one takes it', async () => {
    await rounds(async () => {
      const agentId = await floor.hire();
      const waiting = await floor.waiting();
      granted(await offer(waiting, agentId));
      const workItemId = await offered(waiting);
      const answers = await Promise.all([
        accept(waiting, agentId, workItemId),
        accept(waiting, agentId, workItemId),
        either().run(errand(waiting, floor.app), { type: 'acceptWork', by: floor.app, workItemId }),
      ]);
      expect(asked(answers).toSorted()).toEqual(['granted', 'offer_gone', 'offer_gone']);
      expect(await floor.count(waiting.conversationId, 'workOpened')).toBe(1);
      expect(await floor.work(agentId)).toEqual({ used: 2, items: ['open'] });
    });
  });

  it('T12 two agents are never asked for one session', async () => {
    await rounds(async () => {
      const agents = await Promise.all([floor.hire(), floor.hire()]);
      const waiting = await floor.waiting();
      const answers = await Promise.all(agents.map((agentId) => offer(waiting, agentId)));
      expect(asked(answers).toSorted()).toEqual(['granted', 'not_waiting']);
      const work = await Promise.all(agents.map((agentId) => floor.work(agentId)));
      expect(work.flatMap(({ items }) => items)).toEqual(['offered']);
    });
  });

  it('T17 T27 an end and a transfer: the session is over, or waits, and nobody keeps half of it', async () => {
    await rounds(async () => {
      const [agentId, colleague] = await Promise.all([floor.hire(), floor.hire()]);
      const session = await taken(agentId);
      const by = agentActor(agentId);
      await Promise.all([
        either().end(errand(session, by), null, { via: 'window' }),
        either().run(errand(session, by), {
          type: 'transferSession',
          by,
          to: { type: 'agent', agentId: colleague },
        }),
        either().run(errand(session), { type: 'detachAgent', agentId, workItemId: null, why: 'agent_offline' }),
      ]);
      const { status } = await floor.session(session.conversationId);
      expect(await floor.count(session.conversationId, 'sessionEnded')).toBe(status === 'ENDED' ? 1 : 0);
      if (status === 'ENDED') expect(await floor.work(colleague)).toEqual({ used: 0, items: [] });
      expect((await floor.work(agentId)).items.filter((item) => item === 'open')).toEqual([]);
    });
  });

  it('T26 T24 the timer of an inactive session and the message of its customer: it ends or comes back', async () => {
    await rounds(async () => {
      const agentId = await floor.hire();
      const session = await taken(agentId);
      const by = agentActor(agentId);
      granted(await either().run(errand(session, by), { type: 'inactivateSession', by }));
      await floor.sql.query(
        `UPDATE conversation SET state = jsonb_set(jsonb_set(state, '{session,since}', '1'), '{lastEventAt}', '1')
         WHERE id = $1`,
        [session.conversationId],
      );
      const subject = `${session.sessionId}:1`;
      const { userId } = session.user;
      await Promise.all([
        either().run(errand(session), { type: 'timerDue', kind: 'inactiveEnd', subject }),
        either().receive(errand(session, session.user), userId, userText(userId)),
      ]);
      const { id, status } = await floor.session(session.conversationId);
      const ended = await floor.count(session.conversationId, 'sessionEnded');
      // The message came first and the session waits again, or it came second and a new one began.
      expect([id === session.sessionId, status, ended]).toEqual([ended === 0, 'WAITING', ended]);
    });
  });

  it('M-10 a bulk end over sessions in every state, twice at once: one end each', async () => {
    await rounds(async () => {
      const agentId = await floor.hire(100);
      const [active, parked, waiting, ringing] = await Promise.all([
        taken(agentId),
        taken(agentId),
        floor.waiting(),
        floor.waiting(),
      ]);
      const by = agentActor(agentId);
      granted(await either().run(errand(parked, by), { type: 'inactivateSession', by }));
      granted(await offer(ringing, agentId));
      const all = [active, parked, waiting, ringing];
      const end = (one: Waiting) => either().end(errand(one, by), one.sessionId, { via: 'list', list: 'bulk' });
      const answers = await Promise.all([...all, ...all].map(end));
      expect(new Set(asked(answers))).toEqual(new Set(['granted']));
      const ends = await Promise.all(all.map(({ conversationId }) => floor.count(conversationId, 'sessionEnded')));
      expect(ends).toEqual([1, 1, 1, 1]);
      // Under tab-based capacity the tab of the one that was active counts until it is closed (K-4).
      expect(await floor.work(agentId)).toEqual({ used: 2, items: ['over'] });
    });
  });
});
