import { describe, expect, it } from '@jest/globals';
import { csatEligibility, type EndFacts } from './index.js';
import { ann, app, board, ends, pass, start, Story, writes } from './story.spec-kit.js';

const over = (by: typeof ann | typeof app): { state: Story['state']; end: EndFacts } => {
  const { state } = Story.of(board(), { disableConversationReopen: false }).given(
    start(),
    writes(),
    pass(app, 'desk'),
    ends(by),
  );
  if (state.session?.status !== 'ENDED') throw new Error('the session is not over');
  return { state, end: state.session.end };
};
const eligibility = (
  by: typeof ann | typeof app,
  mode: 'customizable' | 'legacy',
  requested: boolean | null = null,
) => {
  const { state, end } = over(by);
  return csatEligibility(state, end, requested === null ? null : { csatRequested: requested }, null, mode);
};

describe('whether a survey may follow an end, as the event says it', () => {
  it('E-7 legacy surveys follow no end by the end user; customizable ones do', () => {
    expect(eligibility(ann, 'legacy')).toMatchObject({ eligible: false, suppressedBecause: 'legacy_end_user_ended' });
    expect(eligibility(ann, 'customizable')).toMatchObject({ eligible: true, suppressedBecause: null });
    expect(eligibility(app, 'legacy')).toMatchObject({ eligible: true, suppressedBecause: null });
  });

  it('no survey follows one that the post-end integration asked for by itself', () => {
    expect(eligibility(ann, 'legacy', true)).toMatchObject({
      eligible: false,
      suppressedBecause: 'already_requested',
      alreadyRequested: true,
    });
    expect(eligibility(ann, 'customizable', false)).toMatchObject({ eligible: true, alreadyRequested: false });
  });
});
