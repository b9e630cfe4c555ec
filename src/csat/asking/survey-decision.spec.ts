import { describe, expect, it } from '@jest/globals';
import type { SessionEnded } from '../../../sdk/index.js';
import { defaultCsat, usualSendOn } from '../../configuration/index.js';
import { followsTicket, surveyFor, type SurveyRules } from './survey-decision.js';

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
const reason = (given: string) => ({ endReason: given as Ended['endReason'] });

const usual: SurveyRules = defaultCsat;
const all: SurveyRules = {
  ...usual,
  sendOn: ['agent_ended', 'end_user_ended', 'bot_ended', 'system_ended', 'ticket_solved'],
};
const legacy: SurveyRules = { ...usual, mode: 'legacy', sendOn: usualSendOn.legacy };
const silence: SurveyRules = { ...usual, afterSilence: true };

const due = (kind: string) => ({ status: 'due', kind });
const no = (because: string, kind = 'agent') => ({ status: 'suppressed', kind, because });

describe('surveyFor (sessions.md section 4)', () => {
  it.each<[string, Ended, SurveyRules, object]>([
    [
      'asked already in the post-end flow',
      { ...byEndUser, ...csat({ alreadyRequested: true, eligible: false }) },
      all,
      no('already_requested'),
    ],
    ...['no_response', 'opted_out', 'error', 'abandoned_in_queue'].map(
      (given): [string, Ended, SurveyRules, object] => [given, { ...bySystem, ...reason(given) }, all, no(given)],
    ),
    [
      'not eligible by the source',
      { ...byAgent, ...csat({ eligible: false, suppressedBecause: 'conversation_removed' }) },
      all,
      no('conversation_removed'),
    ],
    [
      "E-7 legacy surveys after an end user's end, as the source says",
      { ...byEndUser, ...csat({ eligible: false, suppressedBecause: 'legacy_end_user_ended' }) },
      { ...legacy, sendOn: ['end_user_ended', 'ticket_solved'] },
      no('legacy_end_user_ended'),
    ],
    ["A-5 legacy surveys are not told of an agent's end", byAgent, legacy, no('not_in_send_on')],
    ['silence', { ...bySystem, ...reason('inactive_expired') }, all, no('inactive_expired')],
    ['silence where it is surveyed', { ...bySystem, ...reason('inactive_expired') }, silence, due('agent')],
    ["an agent's log-out", { ...bySystem, ...reason('agent_logout') }, all, no('agent_logout')],
    ["an agent's log-out where it is surveyed", { ...bySystem, ...reason('agent_logout') }, silence, due('agent')],
    ["A-4 an agent's end", byAgent, usual, due('agent')],
    ["A-4 an agent's end that the app does not want", byAgent, { ...all, sendOn: ['bot_ended'] }, no('not_in_send_on')],
    ["an end user's end after a human took over", byEndUser, usual, due('agent')],
    ["an end user's end with a bot only", { ...byEndUser, acceptedAt: null, handlerType: 'bot' }, usual, due('bot')],
    [
      "an end user's end that nobody answered",
      { ...byEndUser, acceptedAt: null, handlerType: 'system' },
      usual,
      due('conversation'),
    ],
    ["a bot's end, no human, as usual", byBot, usual, no('not_in_send_on', 'bot')],
    ["a bot's end, no human, where it is surveyed", byBot, all, due('bot')],
    ["a bot's end after a human", { ...byBot, acceptedAt: byAgent.acceptedAt }, all, no('ended_by_bot')],
    ['an end by rule, as usual', bySystem, usual, no('not_in_send_on')],
    ['an end by rule where it is surveyed', bySystem, all, due('agent')],
  ])('%s', (_what, ended, rules, expected) => {
    expect(surveyFor(ended, rules)).toEqual(expected);
  });

  it('the first line that fits decides', () => {
    const ended = {
      ...byEndUser,
      ...reason('opted_out'),
      ...csat({ eligible: false, suppressedBecause: 'session_failed' }),
    };
    expect(surveyFor(ended as Ended, all)).toEqual(no('opted_out'));
  });
});

describe('followsTicket', () => {
  it('A-4 asks later where the end was not surveyed by choice, and never what was asked or makes no sense', () => {
    const later = (because: string): boolean => followsTicket(because, usual);
    expect(['not_in_send_on', 'ended_by_bot', 'inactive_expired', 'agent_logout'].filter((one) => !later(one))).toEqual(
      [],
    );
    const never = [
      'already_requested',
      'no_response',
      'opted_out',
      'error',
      'conversation_removed',
      'legacy_end_user_ended',
    ];
    expect(never.filter(later)).toEqual([]);
    expect(followsTicket('not_in_send_on', { sendOn: ['agent_ended'] })).toBe(false);
  });
});
