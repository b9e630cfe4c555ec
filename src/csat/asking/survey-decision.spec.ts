import { describe, expect, it } from '@jest/globals';
import { example } from '../../../sdk/event-examples.spec-kit.js';
import type { SessionEnded } from '../../../sdk/index.js';
import { defaultCsat } from '../../configuration/index.js';
import type { SurveyDecision, SurveyRules } from '../../conversation/index.js';
import { surveyFor } from './survey-decision.js';

const ended = example('session.ended').data;
const told = (change: Partial<SessionEnded['csat']>): SessionEnded => ({
  ...ended,
  csat: { ...ended.csat, ...change },
});
const after = (one: Parameters<typeof surveyFor>[0], rules: SurveyRules): SurveyDecision =>
  surveyFor(one, rules, { solvedSince: false });
const everything = { ...defaultCsat, sendOn: ['agent_ended', 'end_user_ended', 'bot_ended', 'system_ended'] } as const;

describe('surveyFor', () => {
  it('obeys the source, whatever the settings say by now', () => {
    expect(after(told({ eligible: true, suppressedBecause: null }), { ...defaultCsat, sendOn: [] })).toMatchObject({
      eligible: true,
      suppressedBecause: null,
      kind: ended.csat.kind,
    });
    for (const suppressedBecause of ['no_response', 'abandoned_in_queue', 'agent_logout', 'not_in_send_on'] as const) {
      const decision = after(told({ eligible: false, suppressedBecause }), everything);
      expect(decision).toMatchObject({ eligible: false, suppressedBecause });
    }
  });

  it('asks nobody where somebody else asks', () => {
    expect(after(told({ eligible: true, askedBy: 'own' }), everything)).toMatchObject({
      eligible: false,
      suppressedBecause: 'not_in_send_on',
    });
  });

  it('decides by the same table on what was announced before events carried the decision', () => {
    const { eligible, suppressedBecause, alreadyRequested, channelHint } = ended.csat;
    const before = { eligible, suppressedBecause, alreadyRequested, channelHint } as SessionEnded['csat'];
    expect(after({ ...ended, csat: before }, defaultCsat)).toMatchObject({ eligible: true, kind: 'bot' });
    expect(after({ ...ended, endReason: 'agent_logout', csat: before }, defaultCsat)).toMatchObject({
      eligible: false,
      suppressedBecause: 'agent_logout',
    });
    const removed = { ...before, eligible: false, suppressedBecause: 'conversation_removed' } as const;
    expect(after({ ...ended, csat: removed }, everything)).toMatchObject({
      suppressedBecause: 'conversation_removed',
    });
  });

  it('makes up for a survey that the end did not bring, where the ticket was solved since and brings surveys', () => {
    const bringing = { ...defaultCsat, sendOn: ['ticket_solved'] } as const;
    const because = (suppressedBecause: SessionEnded['csat']['suppressedBecause'], rules: SurveyRules) => {
      const one = told({ eligible: suppressedBecause === null, suppressedBecause, askedBy: 'house' });
      return surveyFor(one, rules, { solvedSince: true });
    };
    expect(because('not_in_send_on', bringing)).toMatchObject({ eligible: true, suppressedBecause: null });
    expect(because('already_requested', bringing)).toMatchObject({ eligible: false });
    expect(because('not_in_send_on', { ...defaultCsat, sendOn: [] })).toMatchObject({ eligible: false });
    expect(because(null, bringing)).toMatchObject({ eligible: true });
  });
});
