import { describe, expect, it } from '@jest/globals';
import type { AgentId, MessageId, QueueId, SessionId, SurveyId } from '../../../kernel/index.js';
import { decide, MESSAGE_LIMIT, waitsOf, type AnswerSurvey, type PostSurvey } from '../index.js';
import { ann, board, ends, start, Story, system, usual, writes } from '../story.spec-kit.js';

const open = { disableConversationReopen: false } as const;
const subject = { agentId: 'a1' as AgentId, teamId: 'billing', queueId: 'q1' as QueueId };
const surveyId = 's1' as SurveyId;

const ended = (settings: Partial<typeof usual> = open): Story =>
  Story.of(board(), settings).given(start(), writes(), ends(ann));
const post = (story: Story, more: Partial<PostSurvey> = {}): PostSurvey => ({
  type: 'postSurvey',
  surveyId,
  sessionId: story.state.session?.id as SessionId,
  messageId: 'form' as MessageId,
  scale: 'stars5',
  expirySeconds: 3_600,
  ...subject,
  ...more,
});
const answer = (more: Partial<AnswerSurvey> = {}): AnswerSurvey => ({
  type: 'answerSurvey',
  by: ann,
  surveyId,
  messageId: 'answer' as MessageId,
  score: 5,
  comment: 'thank you',
  ...more,
});
const asked = (settings?: Partial<typeof usual>): Story => {
  const story = ended(settings);
  return story.given(post(story));
};
/** Everything about the talk that a survey must leave alone. */
const life = ({ state, world }: Story) => ({
  session: state.session,
  control: state.control,
  controlEpoch: state.controlEpoch,
  answering: state.answering,
  waits: waitsOf(state, world),
});

describe('a survey in the conversation', () => {
  it('is no activity: it begins no session, assigns no control, starts no clock and counts for no session', () => {
    const before = ended();
    const posted = before.when(post(before));
    expect(posted.happened).toEqual(['surveyPosted']);
    expect(life(posted)).toEqual(life(before));
    expect(posted.state.messageCount).toBe(before.state.messageCount + 1);

    const answered = posted.later(60).when(answer());
    expect(answered.happened).toEqual(['surveyAnswered']);
    expect(life(answered)).toEqual(life(before));
    expect(answered.state.messageCount).toBe(before.state.messageCount + 2);
  });

  it('leaves the session that runs by then alone too', () => {
    const first = ended();
    const again = first.given(writes());
    const posted = again.when(post(first));
    expect(posted.happened).toEqual(['surveyPosted']);
    const answered = posted.when(answer());
    expect([life(posted), life(answered)]).toEqual([life(again), life(again)]);
    expect(again.state.session?.status).toBe('ACTIVE');
  });

  it('A-4 is asked once per session, however often it is asked for', () => {
    const story = asked();
    const repeated = story.when(post(story, { surveyId: 's2' as SurveyId }));
    expect([repeated.decision.answer, repeated.happened]).toEqual([{ ok: true }, []]);
    const late = story.given(answer()).when(post(story));
    expect([late.decision.answer, late.happened]).toEqual([{ ok: true }, []]);
  });

  it('each session of a conversation has its own', () => {
    const first = asked();
    const second = first.given(writes(), ends(ann));
    const posted = second.when(post(second, { surveyId: 's2' as SurveyId }));
    expect(posted.happened).toEqual(['surveyPosted']);
    expect(posted.given(answer()).when(answer({ surveyId: 's2' as SurveyId })).happened).toEqual(['surveyAnswered']);
  });

  it('E-2 reaches the end user in a conversation that is closed to them, and opens nothing but itself', () => {
    const before = ended({ ...open, disableConversationReopen: true });
    const closed = before.given(post(before));
    expect(closed.decision.events).toMatchObject([{ type: 'surveyPosted', messageId: 'form' }]);
    expect(closed.when(writes()).refusal).toEqual({ reason: 'conversationEnded' });

    const answered = closed.when(answer());
    expect(answered.happened).toEqual(['surveyAnswered']);
    expect([answered.state.lifecycle, life(answered)]).toEqual(['closedToEndUser', life(before)]);
    expect(answered.when(answer()).refusal).toEqual({ reason: 'surveyAnswered' });
    expect(closed.later(3_600).when(answer()).refusal).toEqual({ reason: 'surveyClosed' });
    expect(closed.when(answer({ by: system, messageId: null })).happened).toEqual(['surveyAnswered']);
  });

  it('is a link alone where no message fits, and then only the link answers it', () => {
    const story = ended();
    const full = decide({ ...story.state, messageCount: MESSAGE_LIMIT }, post(story), story.world);
    expect(full.events).toMatchObject([{ type: 'surveyPosted', messageId: null }]);
    const byLink = story.given(post(story, { messageId: null }));
    expect(byLink.when(answer()).refusal).toEqual({ reason: 'surveyClosed' });
    expect(byLink.when(answer({ by: system, messageId: null })).happened).toEqual(['surveyAnswered']);
  });
});

describe('its answer', () => {
  it('says whom the rating counts for, and holds no words', () => {
    const answered = asked().when(answer());
    expect(answered.decision.events).toEqual([
      {
        type: 'surveyAnswered',
        surveyId,
        sessionId: answered.state.session?.id,
        messageId: 'answer',
        formId: 'form',
        scale: 'stars5',
        score: 5,
        commented: true,
        ...subject,
        by: ann,
      },
    ]);
  });

  it('is one, whichever way it comes first', () => {
    const inChannel = asked().given(answer());
    expect(inChannel.when(answer({ by: system, messageId: null, score: 1 })).refusal).toEqual({
      reason: 'surveyAnswered',
    });
    const byLink = asked().given(answer({ by: system, messageId: null, score: 1 }));
    expect(byLink.when(answer()).refusal).toEqual({ reason: 'surveyAnswered' });
  });

  it('comes before the survey closes, to the millisecond', () => {
    const story = asked();
    expect(story.later(3_599.999).when(answer()).happened).toEqual(['surveyAnswered']);
    expect(story.later(3_600).when(answer()).refusal).toEqual({ reason: 'surveyClosed' });
    expect(story.when(answer({ surveyId: 'other' as SurveyId })).refusal).toEqual({ reason: 'surveyClosed' });
  });

  it.each([
    ['stars5', [1, 2, 3, 4, 5], [0, 6, 1.5, -1, Number.NaN]],
    ['thumbs', [0, 1], [2, -1, 0.5]],
    ['nps', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [11, -1, 9.5]],
  ] as const)('is a whole number on the scale %s', (scale, on, off) => {
    const story = ended();
    const ask = story.given(post(story, { scale }));
    for (const score of on) expect(ask.when(answer({ score })).refusal).toBeNull();
    for (const score of off) expect(ask.when(answer({ score })).refusal).toEqual({ reason: 'surveyScoreOffScale' });
  });

  it('of an old session is taken while surveys of five sessions are kept', () => {
    let story = asked();
    for (let n = 2; n <= 6; n++) {
      story = story.given(writes(), ends(ann));
      story = story.given(post(story, { surveyId: `s${n}` as SurveyId }));
      expect(story.when(answer()).refusal?.reason).toBe(n < 6 ? undefined : 'surveyClosed');
    }
    expect(story.state.surveys).toHaveLength(5);
  });
});
