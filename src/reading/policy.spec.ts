import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { AgentId } from '../kernel/index.js';
import { isLogged, mayReadSurvey, mayReadUser, whyReadConversation, type Reader, type SessionFacts } from './policy.js';

const mia = 'mia' as AgentId;
const ben = 'ben' as AgentId;
const reader = (change: Partial<Reader> = {}): Reader => ({ agentId: mia, role: 'agent', teams: [], ...change });
const session = (change: Partial<SessionFacts> = {}): SessionFacts => ({
  agents: [],
  guests: [],
  teams: [],
  everyTeams: false,
  ...change,
});
const supervisor = reader({ role: 'supervisor', teams: ['red'] });
const why = (who: Reader, of: SessionFacts | null, later: SessionFacts | null = null) =>
  whyReadConversation(who, { sessions: of ? [of] : [], later: later ? [later] : [] });

describe('who reads a conversation', () => {
  it.each([
    ['its agent', reader(), session({ agents: [ben, mia] }), 'agent'],
    ['who looks on or is asked', reader(), session({ agents: [ben], guests: [mia] }), 'guest'],
    [
      'no colleague, of the same team or not',
      reader({ teams: ['red'] }),
      session({ agents: [ben], teams: ['red'] }),
      null,
    ],
    ['no agent a session that waits for all', reader({ teams: ['red'] }), session({ everyTeams: true }), null],
    ['a supervisor of a team of it', supervisor, session({ teams: ['blue', 'red'] }), 'leader'],
    ['no supervisor of other teams', supervisor, session({ teams: ['blue'] }), null],
    ['a supervisor what waits for all teams', supervisor, session({ everyTeams: true }), 'leader'],
    ['no supervisor of a team what only bots had', supervisor, session(), null],
    ['a supervisor without a team', reader({ role: 'supervisor' }), session({ teams: ['blue'] }), 'leader'],
    ['an admin, of whatever team', reader({ role: 'admin', teams: ['red'] }), session({ teams: ['blue'] }), 'leader'],
    ['a supervisor who had it, as its agent', supervisor, session({ agents: [mia], teams: ['red'] }), 'agent'],
    ['an admin one without sessions', reader({ role: 'admin' }), null, 'leader'],
  ] as const)('%s', (_, who, of, wanted) => {
    expect(why(who, of)).toBe(wanted);
  });

  it('and earlier ones of its end user: whoever reads a session that began after them', () => {
    expect(why(reader(), session({ agents: [ben] }), session({ agents: [mia] }))).toBe('earlier');
    expect(why(supervisor, null, session({ teams: ['red'] }))).toBe('earlier');
    expect(why(reader(), session({ agents: [mia] }), session({ agents: [mia] }))).toBe('agent');
    expect(why(reader(), null, session({ agents: [ben] }))).toBeNull();
  });

  it('is logged where the timeline does not tell that they have to do with it', () => {
    expect((['agent', 'guest', 'leader', 'earlier'] as const).filter(isLogged)).toEqual(['leader', 'earlier']);
  });
});

describe('who reads of an end user, and of surveys', () => {
  it('a profile: whoever reads a session of theirs', () => {
    expect(mayReadUser(reader(), [session({ agents: [ben] }), session({ guests: [mia] })])).toBe(true);
    expect(mayReadUser(reader(), [session({ agents: [ben] })])).toBe(false);
    expect(mayReadUser(reader(), [])).toBe(false);
    expect([supervisor, reader({ role: 'admin' })].map((who) => mayReadUser(who, []))).toEqual([false, true]);
  });

  it('a survey: whose work it is about, and who leads them', () => {
    const rated = { agentId: ben, teams: ['red'] };
    const readers = [reader(), reader({ agentId: ben }), supervisor, reader({ role: 'supervisor', teams: ['blue'] })];
    expect(readers.map((who) => mayReadSurvey(who, rated))).toEqual([false, true, true, false]);
    expect(mayReadSurvey(reader({ role: 'admin' }), { agentId: null, teams: [] })).toBe(true);
    expect(mayReadSurvey(reader(), { agentId: null, teams: [] })).toBe(false);
  });
});

const ids = fc.subarray([mia, ben]);
const teams = fc.subarray(['red', 'blue']);
const anySession = fc.record({ agents: ids, guests: ids, teams, everyTeams: fc.boolean() });
const anyFacts = fc.record({ sessions: fc.array(anySession), later: fc.array(anySession) });

describe('in any case', () => {
  it('an agent reads nothing of which they, or a later session of the user, know nothing', () => {
    fc.assert(
      fc.property(anyFacts, teams, (facts, own) => {
        const known = [...facts.sessions, ...facts.later].some(
          ({ agents, guests }) => agents.includes(mia) || guests.includes(mia),
        );
        expect(whyReadConversation(reader({ teams: own }), facts) !== null).toBe(known);
      }),
    );
  });

  it('a higher role reads no less, and more sessions hide nothing', () => {
    fc.assert(
      fc.property(anyFacts, anySession, teams, (facts, more, own) => {
        const reads = (role: Reader['role'], of = facts) =>
          whyReadConversation(reader({ role, teams: own }), of) !== null;
        expect(!reads('agent') || reads('supervisor')).toBe(true);
        expect(reads('admin')).toBe(true);
        const also = { ...facts, later: [...facts.later, more] };
        expect(!reads('supervisor') || reads('supervisor', also)).toBe(true);
      }),
    );
  });
});
