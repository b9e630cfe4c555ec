import { describe, expect, it } from '@jest/globals';
import type { SessionEnded } from '../../sdk/index.js';
import { surveyFor, usualPolicy, type CsatPolicy } from './survey-decision.js';

type Ended = Parameters<typeof surveyFor>[0];

const byAgent: Ended = {
  endedBy: { type: 'agent', id: 'desk', via: 'api' },
  endReason: 'agent_ended',
  acceptedAt: '2026-03-01T10:00:00.120Z',
  handlerType: 'bot_to_agent',
  csat: { eligible: true, suppressedBecause: null, alreadyRequested: false, channelHint: 'none' },
};
const byEndUser: Ended = {
  ...byAgent,
  endedBy: { type: 'end_user', id: 'ann', via: 'widget' },
  endReason: 'end_user_ended',
};
const byBot: Ended = {
  ...byAgent,
  endedBy: { type: 'bot', id: 'faq', via: 'api' },
  endReason: 'bot_completed',
  acceptedAt: null,
  handlerType: 'bot',
};
const bySystem: Ended = { ...byAgent, endedBy: { type: 'system', id: null, via: 'timer' }, endReason: 'automation' };
const csat = (change: Partial<SessionEnded['csat']>): Pick<Ended, 'csat'> => ({ csat: { ...byAgent.csat, ...change } });
const legacy: CsatPolicy = { ...usualPolicy, mode: 'legacy' };
const reason = (given: string) => ({ endReason: given as Ended['endReason'] });

describe('surveyFor (sessions.md section 4)', () => {
  it.each<[string, Ended, CsatPolicy, ReturnType<typeof surveyFor>]>([
    [
      'asked already in the post-end flow',
      { ...byEndUser, ...csat({ alreadyRequested: true, eligible: false }) },
      usualPolicy,
      { status: 'suppressed', because: 'already_requested' },
    ],
    [
      'the session failed',
      { ...bySystem, ...reason('error') },
      usualPolicy,
      { status: 'suppressed', because: 'error' },
    ],
    [
      'nobody answered the business',
      { ...byAgent, ...reason('no_response') },
      usualPolicy,
      { status: 'suppressed', because: 'no_response' },
    ],
    [
      'not eligible by the source',
      { ...byAgent, ...csat({ eligible: false, suppressedBecause: 'conversation_removed' }) },
      usualPolicy,
      { status: 'suppressed', because: 'conversation_removed' },
    ],
    [
      "E-7: legacy surveys after an end user's end",
      byEndUser,
      legacy,
      { status: 'suppressed', because: 'legacy_end_user_ended' },
    ],
    ["legacy surveys after an agent's end", byAgent, legacy, { status: 'due', kind: 'agent' }],
    [
      'silence',
      { ...bySystem, ...reason('inactive_expired') },
      usualPolicy,
      { status: 'suppressed', because: 'inactive_expired' },
    ],
    ["A-4: an agent's end", byAgent, usualPolicy, { status: 'due', kind: 'agent' }],
    ["an end user's end after a human took over", byEndUser, usualPolicy, { status: 'due', kind: 'agent' }],
    [
      "an end user's end with a bot only",
      { ...byEndUser, acceptedAt: null, handlerType: 'bot' },
      usualPolicy,
      { status: 'due', kind: 'bot' },
    ],
    [
      "an end user's end that nobody answered",
      { ...byEndUser, acceptedAt: null, handlerType: 'system' },
      usualPolicy,
      { status: 'due', kind: 'conversation' },
    ],
    ["a bot's end, no human", byBot, usualPolicy, { status: 'due', kind: 'bot' }],
    [
      "a bot's end after a human",
      { ...byBot, acceptedAt: byAgent.acceptedAt },
      usualPolicy,
      { status: 'suppressed', because: 'ended_by_bot' },
    ],
    ['an end by rule', bySystem, usualPolicy, { status: 'suppressed', because: 'ended_by_system' }],
  ])('%s', (_what, ended, policy, expected) => {
    expect(surveyFor(ended, policy)).toEqual(expected);
  });

  it('the first line that fits decides', () => {
    expect(surveyFor({ ...byEndUser, ...reason('opted_out') }, legacy)).toEqual({
      status: 'suppressed',
      because: 'opted_out',
    });
  });
});
