import { describe, expect, it } from '@jest/globals';
import type { AgentId } from '../../../kernel/index.js';
import type { Actor, ConversationCommand } from '../index.js';
import { agent, app, ben, by, humansFirst, mia, queue, support } from './floor.spec-kit.js';
import { Told, ends, handledBy, takes, writes } from './told.spec-kit.js';

const teams = ['red'];
const mine = agent(mia, { teams });
const someone = (change: Parameters<typeof agent>[1]) => agent(ben, { may: { endAny: true }, ...change });

/** Who is no owner of Mia's session of the team red, and whether they lead it. */
const others = [
  ['an agent of another team', someone({ teams: ['blue'], may: { endAny: false } }), false],
  ['an agent of the same team', someone({ teams, may: { endAny: false } }), false],
  ['a supervisor of another team', someone({ role: 'supervisor', teams: ['blue'] }), false],
  ['a supervisor of the team', someone({ role: 'supervisor', teams: ['blue', 'red'] }), true],
  ['a supervisor without a team', someone({ role: 'supervisor' }), true],
  ['an admin', someone({ role: 'admin', teams: ['blue'] }), true],
] as const;

const ticket = (who: Actor): ConversationCommand => ({
  type: 'setTicket',
  by: who,
  ticket: { id: 'T-1', status: 'solved' },
});
const observe = (agentId: AgentId): ConversationCommand => ({
  type: 'observeSession',
  by: by(agentId),
  agentId,
  present: true,
});
const assign = (who: AgentId): ConversationCommand => ({ type: 'assignSession', by: by(who), agentId: who });
const requeue = (who: AgentId): ConversationCommand => ({
  type: 'transferSession',
  by: by(who),
  to: { type: 'queue', queueId: null, skills: [] },
});

const held = handledBy(mia, { agents: [mine, agent(ben)] });

describe('whose session it is', () => {
  it.each(others)('%s: the ticket, looking on, assigning, transferring and ending from a list', (_, who, leads) => {
    const told = held.in({ agents: [mine, who] });
    const refused = (command: ConversationCommand): string | null => told.when(command).refusal;
    expect(refused(ticket(by(ben)))).toBe(leads ? null : 'notOwner');
    expect(refused(observe(ben))).toBe(leads ? null : 'supervisorRequired');
    expect(refused(assign(ben))).toBe(leads ? null : 'supervisorRequired');
    expect(refused(requeue(ben))).toBe(leads ? null : 'notOwner');
    if (who.profile.permissions.endAny)
      expect(refused(ends(by(ben), { list: 'bulk' }))).toBe(leads ? null : 'supervisorRequired');
  });

  it('the ticket is for the agent who has the session, or had it, and for keys, also when it is over', () => {
    const taken = Told.of({ switchboard: humansFirst, agents: [mine, agent(ben)] }).given(writes(), ...takes(mia));
    expect(taken.when(ticket(by(mia))).refusal).toBeNull();
    expect(taken.when(ticket(app)).refusal).toBeNull();
    const requeued = taken.given(requeue(mia), ...takes(ben));
    expect([mia, ben].map((who) => requeued.when(ticket(by(who))).refusal)).toEqual([null, null]);
    const over = taken.given(ends(app));
    expect(over.status).toBe('ENDED');
    expect([mia, ben].map((who) => over.when(ticket(by(who))).refusal)).toEqual([null, 'notOwner']);
  });

  it('an offer is no session yet, and whoever looks on sets no ticket', () => {
    const waiting = Told.of({ switchboard: humansFirst, agents: [mine, agent(ben)] }).given(writes());
    const offered = waiting.given({ type: 'offerWork', agentId: ben });
    expect(offered.when(ticket(by(ben))).refusal).toBe('notOwner');
    const watched = held.given({ type: 'observeSession', by: app, agentId: ben, present: true });
    expect(watched.when(ticket(by(ben))).refusal).toBe('notOwner');
  });

  it('a waiting session is led by who leads its queue; one in a queue of all teams, by every supervisor', () => {
    const blue = someone({ role: 'supervisor', teams: ['blue'] });
    const waits = (ofQueue: readonly string[]) =>
      Told.of({ switchboard: humansFirst, queues: [queue(support, { teams: ofQueue })], agents: [mine, blue] })
        .given(writes())
        .when(observe(ben)).refusal;
    expect(waits(['red'])).toBe('supervisorRequired');
    expect(waits(['blue', 'red'])).toBeNull();
    expect(waits([])).toBeNull();
  });
});
