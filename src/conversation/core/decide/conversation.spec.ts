import { describe, expect, it } from '@jest/globals';
import type { ConversationCommand } from '../index.js';
import { Story, ann, app, board, release, start, writes } from '../story.spec-kit.js';

const joins = (participants: number, takesPart = false): ConversationCommand => ({
  type: 'joinConversation',
  by: app,
  userId: ann.userId,
  participants,
  takesPart,
});
const leaves: ConversationCommand = { type: 'leaveConversation', by: app, userId: ann.userId };

describe('joining and leaving', () => {
  const story = Story.of(board()).given(start(), writes());

  it('the tenth comes in, the eleventh does not', () => {
    expect(story.when(joins(9)).happened).toEqual(['participantJoined']);
    const full = story.when(joins(10));
    expect(full.happened).toEqual([]);
    expect(full.decision.answer).toEqual({ ok: false, refusal: { reason: 'tooManyParticipants' } });
  });

  it('coming twice changes nothing, also when the group is full', () => {
    const again = story.when(joins(10, true));
    expect([again.happened, again.decision.answer]).toEqual([[], { ok: true }]);
  });

  it('is no activity: nobody is given control by it', () => {
    const unheld = story.given(release(app));
    expect(unheld.when(joins(1)).happened).toEqual(['participantJoined']);
    expect(unheld.when(leaves).happened).toEqual(['participantLeft']);
  });
});
