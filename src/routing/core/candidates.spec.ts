import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { usualLoad, type Queue } from '../../conversation/core/index.js';
import type { Agent, WorkItem } from '../../agents/core/index.js';
import type { AgentId, ConversationId, QueueId, SessionId } from '../../kernel/index.js';
import { candidates } from './candidates.js';
import { byTurn, type WaitingWork } from './waiting.js';

const queue = (fields: Partial<Queue> = {}): Queue => ({
  id: 'queue' as QueueId,
  name: 'queue',
  teams: [],
  skills: [],
  order: ['mostAvailable'],
  weight: null,
  pushTimeoutSeconds: null,
  autoAccept: false,
  waitSeconds: null,
  mostWaiting: null,
  hours: null,
  overflow: { to: 'none' },
  checkOnReturn: false,
  takesTransfers: true,
  ...fields,
});

const work = (fields: Partial<WaitingWork> = {}): WaitingWork => ({
  sessionId: 'session' as SessionId,
  conversationId: 'conversation' as ConversationId,
  queueId: null,
  priority: 0,
  requestedAt: 1_000,
  skills: [],
  preferred: null,
  lastAgent: null,
  tried: [],
  load: usualLoad,
  ...fields,
});

interface Hired {
  readonly items?: number;
  readonly weight?: number;
  readonly limit?: number;
  readonly teams?: readonly string[];
  readonly skills?: readonly string[];
  readonly since?: number;
}

const hire = (
  id: string,
  { items = 0, weight = 1, limit = 4, teams = [], skills = [], since = 0 }: Hired = {},
): Agent => ({
  id: id as AgentId,
  profile: {
    displayName: id,
    role: 'agent',
    active: true,
    teams,
    skills,
    permissions: { chat: true, chatRep: true, messagingAgent: true, endAny: false },
    limits: { primary: limit, interruptible: null, buckets: null },
    sessionPanel: null,
    hideCustomerInactive: null,
  },
  presence: { status: 'online', loggedIn: true, since, graceUntil: null, connection: 'desk' } as Agent['presence'],
  work: Array.from(
    { length: items },
    () => ({ status: 'open', automatic: true, tabOpen: true, load: { ...usualLoad, weight } }) as WorkItem,
  ),
  seq: 0,
});

const asked = (agents: readonly Agent[], one: Partial<WaitingWork> = {}, fields: Partial<Queue> = {}): string[] =>
  candidates(work(one), queue(fields), agents).map(({ id }) => id as string);
const id = (name: string): AgentId => name as AgentId;

describe('who is asked first', () => {
  it('T11 mostAvailable: the one with most room', () => {
    const agents = [hire('busy', { items: 3 }), hire('free'), hire('large', { items: 3, limit: 9 })];
    expect(asked(agents)).toEqual(['large', 'free', 'busy']);
  });

  it('T11 leastActive: the one with fewest sessions, whatever they weigh', () => {
    const agents = [hire('two', { items: 2, weight: 0.1 }), hire('one', { items: 1, weight: 3 })];
    expect(asked(agents, {}, { order: ['leastActive'] })).toEqual(['one', 'two']);
    expect(asked(agents)).toEqual(['two', 'one']);
  });

  it('T11 skills: the one with fewest that are not asked for, so that experts stay free', () => {
    const agents = [
      hire('expert', { skills: ['french', 'billing', 'loans'] }),
      hire('fits', { skills: ['french', 'billing'] }),
      hire('german', { skills: ['german'] }),
    ];
    expect(asked(agents, { skills: ['french'] }, { skills: ['billing'], order: ['skills'] })).toEqual([
      'fits',
      'expert',
    ]);
  });

  it('T11 lastAgent: the one who had it before, and a named one before everybody', () => {
    const agents = [hire('free'), hire('before', { items: 2 }), hire('named', { items: 3 })];
    const order = ['lastAgent', 'mostAvailable'] as const;
    expect(asked(agents, { lastAgent: id('before') }, { order })).toEqual(['before', 'free', 'named']);
    expect(asked(agents, { lastAgent: id('before'), preferred: id('named') }, { order })[0]).toBe('named');
  });

  it('I-7 the agent who parked a session has no reserved right to it', () => {
    const agents = [hire('before', { items: 2 }), hire('free')];
    expect(asked(agents, { lastAgent: id('before') })).toEqual(['free', 'before']);
  });

  it('the next rule breaks the ties of the one before, and who waits longest the last ones', () => {
    const agents = [
      hire('c', { items: 1, since: 2 }),
      hire('b', { items: 1, since: 1 }),
      hire('a', { items: 1, limit: 9, since: 3 }),
    ];
    expect(asked(agents, {}, { order: ['leastActive', 'mostAvailable'] })).toEqual(['a', 'b', 'c']);
  });

  it('T12 who said no is asked again only when nobody else is left', () => {
    const agents = [hire('a'), hire('b'), hire('c', { items: 4 })];
    expect(asked(agents, { tried: [id('a')] })).toEqual(['b']);
    expect(asked(agents, { tried: [id('a'), id('b')] })).toEqual(['a', 'b']);
  });

  it('K-3 K-8 nobody without room is asked', () => {
    const agents = [hire('full', { items: 4 }), hire('over', { items: 6 }), hire('almost', { items: 3 })];
    expect(asked(agents)).toEqual(['almost']);
    expect(asked(agents, { load: { ...usualLoad, weight: 2 } })).toEqual([]);
  });

  it('teams: any of the queue, all of them serve a queue without', () => {
    const agents = [hire('night', { teams: ['night'] }), hire('none'), hire('day', { teams: ['day'] })];
    expect(asked(agents, {}, { teams: ['day', 'night'] })).toEqual(['day', 'night']);
    expect(asked(agents)).toHaveLength(3);
  });

  it('never somebody who lacks a skill, however the agents are', () => {
    const skills = fc.subarray(['a', 'b', 'c']);
    const agent = fc.record({ items: fc.nat(6), skills });
    fc.assert(
      fc.property(fc.array(agent), skills, skills, (people, wanted, needed) => {
        const agents = people.map((one, index) => hire(`agent${index}`, one));
        for (const found of candidates(work({ skills: wanted }), queue({ skills: needed }), agents)) {
          for (const skill of [...wanted, ...needed]) expect(found.profile.skills).toContain(skill);
          expect(found.work.length).toBeLessThan(4);
        }
      }),
    );
  });
});

describe('whose turn it is', () => {
  it('M-11 who asked first, however often they came back; who was cut off before everybody', () => {
    const first = work({ requestedAt: 1 });
    const second = work({ requestedAt: 2 });
    const returned = work({ requestedAt: 3, priority: 1 });
    expect([second, returned, first].sort(byTurn)).toEqual([returned, first, second]);
  });
});
