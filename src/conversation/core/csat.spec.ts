import { describe, expect, it } from '@jest/globals';
import { followsTicket, surveyAfter, usualSendOn, type SurveyedEnd, type SurveyRules } from './index.js';

const byAgent: SurveyedEnd = {
  endedBy: 'agent',
  endReason: 'agent_ended',
  byHuman: true,
  answered: true,
  alreadyRequested: false,
  conversationRemoved: false,
  ticketSolved: false,
};
const byEndUser: SurveyedEnd = { ...byAgent, endedBy: 'end_user', endReason: 'end_user_ended' };
const byBot: SurveyedEnd = { ...byAgent, endedBy: 'bot', endReason: 'bot_completed', byHuman: false };
const bySystem: SurveyedEnd = { ...byAgent, endedBy: 'system', endReason: 'automation' };

const usual: SurveyRules = { mode: 'customizable', sendOn: usualSendOn.customizable, afterSilence: false };
const all: SurveyRules = {
  ...usual,
  sendOn: ['agent_ended', 'end_user_ended', 'bot_ended', 'system_ended', 'ticket_solved'],
};
const legacy: SurveyRules = { ...usual, mode: 'legacy', sendOn: usualSendOn.legacy };
const silence: SurveyRules = { ...usual, afterSilence: true };
const nobody: SurveyRules = { ...usual, sendOn: [] };

const yes = (kind = 'agent', askedBy = 'house') => ({ eligible: true, suppressedBecause: null, kind, askedBy });
const no = (suppressedBecause: string, kind = 'agent', askedBy = 'house') => ({
  eligible: false,
  suppressedBecause,
  kind,
  askedBy,
});

describe('whether a survey follows an end, as the source decides it (docs/rules.md 4)', () => {
  it.each<[string, SurveyedEnd, SurveyRules, object]>([
    [
      'asked already in the post-end flow',
      { ...byEndUser, alreadyRequested: true },
      { ...legacy, sendOn: all.sendOn },
      no('already_requested'),
    ],
    ...(
      [
        ['no_response', 'no_response'],
        ['opted_out', 'opted_out'],
        ['abandoned_in_queue', 'abandoned_in_queue'],
        ['error', 'session_failed'],
        ['app_deleted', 'conversation_removed'],
      ] as const
    ).map(([endReason, because]): [string, SurveyedEnd, SurveyRules, object] => [
      endReason,
      { ...bySystem, endReason },
      { ...all, afterSilence: true },
      no(because),
    ]),
    ['a conversation that is removed', { ...byAgent, conversationRemoved: true }, all, no('conversation_removed')],
    [
      "E-7 an end user's end with legacy surveys",
      byEndUser,
      { ...legacy, sendOn: ['end_user_ended', 'ticket_solved'] },
      no('legacy_end_user_ended'),
    ],
    ["A-5 an agent's end with legacy surveys", byAgent, legacy, no('not_in_send_on')],
    ['silence', { ...bySystem, endReason: 'inactive_expired' }, all, no('inactive_expired')],
    ['silence where it is surveyed', { ...bySystem, endReason: 'inactive_expired' }, silence, yes()],
    ["an agent's log-out", { ...bySystem, endReason: 'agent_logout' }, all, no('agent_logout')],
    ["an agent's log-out where it is surveyed", { ...bySystem, endReason: 'agent_logout' }, silence, yes()],
    ["A-4 an agent's end", byAgent, usual, yes()],
    ["A-4 an agent's end that the app does not want", byAgent, { ...all, sendOn: ['bot_ended'] }, no('not_in_send_on')],
    ["E-7 an end user's end after a human took over", byEndUser, usual, yes()],
    ["an end user's end with a bot only", { ...byEndUser, byHuman: false }, usual, yes('bot')],
    [
      "an end user's end that nobody answered",
      { ...byEndUser, byHuman: false, answered: false },
      usual,
      yes('conversation'),
    ],
    ["a bot's end, no human, as usual", byBot, usual, no('not_in_send_on', 'bot')],
    ["a bot's end, no human, where it is surveyed", byBot, all, yes('bot')],
    ["a bot's end after a human", { ...byBot, byHuman: true }, all, no('ended_by_bot')],
    ['an end by rule, as usual', bySystem, usual, no('not_in_send_on')],
    ['an end by rule where it is surveyed', bySystem, all, yes()],
    ["A-4 a bot's end whose ticket is solved already", { ...byBot, ticketSolved: true }, usual, yes('bot')],
    [
      'nobody to ask, though the ticket is solved',
      { ...bySystem, endReason: 'abandoned_in_queue', ticketSolved: true },
      all,
      no('abandoned_in_queue'),
    ],
    ["an agent's end where somebody else asks", byAgent, nobody, yes('agent', 'own')],
    ['an end by rule where somebody else asks', bySystem, nobody, no('not_in_send_on', 'agent', 'own')],
    [
      'silence where somebody else asks',
      { ...bySystem, endReason: 'agent_logout' },
      nobody,
      no('agent_logout', 'agent', 'own'),
    ],
  ])('%s', (_what, end, rules, expected) => {
    expect(surveyAfter(end, rules)).toEqual(expected);
  });

  it('the first line that fits decides', () => {
    const end = { ...byEndUser, endReason: 'opted_out', conversationRemoved: true } as const;
    expect(surveyAfter(end, all)).toEqual(no('opted_out'));
  });
});

describe('whether a survey follows the solved ticket', () => {
  it('A-4 asks later where the end was not surveyed by choice, and never what was asked or makes no sense', () => {
    const later = (because: string): boolean => followsTicket(because, usual);
    expect(['not_in_send_on', 'ended_by_bot', 'inactive_expired', 'agent_logout'].filter((one) => !later(one))).toEqual(
      [],
    );
    const never = [
      'already_requested',
      'no_response',
      'opted_out',
      'session_failed',
      'conversation_removed',
      'legacy_end_user_ended',
    ];
    expect(never.filter(later)).toEqual([]);
    expect(followsTicket('not_in_send_on', { sendOn: ['agent_ended'] })).toBe(false);
  });
});
