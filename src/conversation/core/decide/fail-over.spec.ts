import { describe, expect, it } from '@jest/globals';
import type { ConversationCommand, HolderDeadlines, SwitchboardIntegration } from '../index.js';
import {
  Story,
  app,
  ann,
  board,
  desk as usualDesk,
  ends,
  faq as usualFaq,
  floor as usualFloor,
  keyOf,
  offer,
  pass,
  passedTo,
  release,
  says,
  start,
  survey as usualSurvey,
  writes,
} from '../story.spec-kit.js';

const deadlines: HolderDeadlines = { holderSeconds: 30, replySeconds: null, replyAction: 'warn' };
const timed = (one: SwitchboardIntegration, more: Partial<SwitchboardIntegration> = {}): SwitchboardIntegration => ({
  ...one,
  deadlines,
  ...more,
});

/** `second` holds control and hands on to `faq`, the default, who hands on to `survey`; `floor` is the human side. */
const second = timed(usualDesk, { kind: 'bot', nextId: usualFaq.id });
const faq = timed(usualFaq, { nextId: usualSurvey.id });
const survey = timed(usualSurvey);
const floor = timed(usualFloor);
const note = 'One moment please.';
const switchboard = board({ failOverNote: note, integrations: [faq, second, survey, floor] });

const written = Story.of(switchboard).given(start(), writes());
const held = written.given(pass(app, second.id), writes());

const dies = (story: Story, holder: SwitchboardIntegration, controlEpoch = story.state.controlEpoch) =>
  ({ type: 'failOver', holder: holder.id, why: 'undeliverable', controlEpoch }) as const satisfies ConversationCommand;
const inviteeDies = (story: Story, pending: SwitchboardIntegration) =>
  ({ type: 'failOffer', pending: pending.id, offerSeq: story.offerSeq }) as const satisfies ConversationCommand;
const offers = (chain: readonly string[], to: string = second.id, expiresInSeconds: number | null = null) => ({
  ...offer(app, to, expiresInSeconds),
  fallback: chain,
});
const holder = (story: Story): string | null =>
  story.state.control.status === 'released' ? null : story.state.control.active;

describe('a holder that is dead (R14)', () => {
  it('R14 passes control to its next, and says why', () => {
    const after = held.when(dies(held, second));
    expect(after.decision.events).toMatchObject([
      { type: 'holderFailed', holder: second.id, role: 'active', why: 'undeliverable' },
      {
        type: 'controlPassed',
        from: second.id,
        to: faq.id,
        cause: 'holderDead',
        reason: null,
        metadata: { failed: second.name, why: 'undeliverable' },
        by: { type: 'system' },
      },
    ]);
    expect(after.state.controlEpoch).toBe(held.state.controlEpoch + 1);
  });

  it('R14 goes on along the line, then to the default, then to the human side, and tries nobody twice', () => {
    const first = held.given(dies(held, second));
    expect(holder(first)).toBe(faq.id);
    const then = first.given(dies(first, faq));
    expect(holder(then)).toBe(survey.id);
    const last = then.given(dies(then, survey));
    expect(holder(last)).toBe(floor.id);
    expect(last.happened).toEqual(['holderFailed', 'controlPassed', 'sessionQueued']);
    expect(last.state.session?.status).toBe('WAITING');
  });

  it('R14 passes over whoever was found dead on the way, also in the line of another', () => {
    const first = held.given(dies(held, second));
    const back = first.given(dies(first, faq));
    const loop = switchboardWith({ ...survey, nextId: second.id });
    expect(holder(back.configured(loop).given(dies(back, survey)))).toBe(floor.id);
  });

  it('R14 goes to the default when there is no next', () => {
    const alone = written.configured(switchboardWith({ ...second, nextId: null })).given(pass(app, second.id));
    expect(holder(alone.given(dies(alone, second)))).toBe(faq.id);
  });

  it('R14 releases when nobody is left, and the next activity tries the default again', () => {
    const lonely = board({ failOverNote: note, integrations: [{ ...faq, nextId: null }] });
    const one = Story.of(lonely).given(start(), writes());
    const after = one.given(dies(one, faq));
    expect(after.decision.events).toMatchObject([
      { type: 'holderFailed' },
      { type: 'controlReleased', from: faq.id, cause: 'holderDead', reason: null, metadata: { why: 'undeliverable' } },
    ]);
    expect(after.state.session?.status).toBe('ACTIVE');
    const again = after.given(writes());
    expect(holder(again)).toBe(faq.id);
    // Who waits was told already.
    expect(again.when(dies(again, faq)).decision.events[0]).toMatchObject({ type: 'holderFailed', messageId: null });
  });

  it('R14 changes nothing once control has moved, even if it came back', () => {
    const late = dies(held, second);
    expect(held.given(pass(app, survey.id)).when(late).happened).toEqual([]);
    expect(held.given(pass(app, survey.id), pass(app, second.id)).when(late).happened).toEqual([]);
    expect(held.given(late).when(late).happened).toEqual([]);
    expect(held.when({ ...late, holder: faq.id }).happened).toEqual([]);
  });

  it('R14 waits for ever where the deadline was taken away, and while the switchboard is disabled', () => {
    const patient = switchboardWith({ ...second, deadlines: { ...deadlines, holderSeconds: null } });
    expect(held.configured(patient).when(dies(held, second)).happened).toEqual([]);
    expect(held.configured({ ...switchboard, enabled: false }).when(dies(held, second)).happened).toEqual([]);
  });

  it('R14 fences a late reply of the dead one', () => {
    const after = held.given(dies(held, second));
    expect(after.when(says(keyOf(second))).refusal).toMatchObject({ reason: 'notInControl' });
    expect(after.when(says(keyOf(second), held.state.controlEpoch)).refusal).toMatchObject({ reason: 'notInControl' });
    expect(after.when(says(keyOf(faq))).refusal).toBeNull();
  });

  it('makes an open offer void, unless it was to who takes over', () => {
    const inviting = held.given(offer(app, survey.id));
    expect(inviting.when(dies(inviting, second)).decision.events[1]).toMatchObject({ voided: survey.id });
    const invited = held.given(offer(app, faq.id));
    expect(invited.when(dies(invited, second)).decision.events[1]).toMatchObject({ to: faq.id, voided: null });
  });
});

describe('what the end user is told of it', () => {
  const told = (story: Story): unknown => story.decision.events.find(({ type }) => type === 'holderFailed');

  it('R14 once, however many turn out to be dead', () => {
    const first = held.given(dies(held, second));
    expect(told(first)).toMatchObject({ messageId: first.world.ids.notice });
    expect(first.state.messageCount).toBe(held.state.messageCount + 1);
    const then = first.given(dies(first, faq));
    expect(told(then)).toMatchObject({ messageId: null });
  });

  it('again, once somebody had answered in between', () => {
    const first = held.given(dies(held, second));
    const answered = first.given(says(keyOf(faq)));
    expect(told(answered.given(dies(answered, faq)))).toMatchObject({ messageId: expect.any(String) });
  });

  it('nothing, where the switchboard has no words for it', () => {
    const silent = held.configured({ ...switchboard, failOverNote: null });
    const after = silent.given(dies(held, second));
    expect(told(after)).toMatchObject({ messageId: null });
    expect(after.state.messageCount).toBe(held.state.messageCount);
  });

  it('nothing, when nobody waits: before the first message, and after the end', () => {
    const early = Story.of(switchboard).given(start());
    expect(told(early.given(dies(early, faq)))).toMatchObject({ messageId: null });
    const over = held
      .configured(switchboard, { disableConversationReopen: false })
      .given(ends(ann), pass(app, second.id));
    expect(told(over.given(dies(over, second)))).toMatchObject({ messageId: null });
  });

  it('is no activity: it starts no session and no clock', () => {
    const { session } = held.given(dies(held, second)).state;
    expect(session?.messages).toEqual(held.state.session?.messages);
    expect(session?.talk.customerAt).toBe(held.state.session?.talk.customerAt);
  });
});

describe('a post-end integration that is dead', () => {
  it('R14 ends the session that waits for it, as at the deadline of the post-end flow (T34)', () => {
    const ending = Story.of(switchboard, { onEnd: passedTo(survey.name) }).given(start(), writes(), ends(ann));
    expect(ending.state.session?.status).toBe('ENDING');
    const after = ending.when(dies(ending, survey));
    expect(after.decision.events).toMatchObject([
      { type: 'holderFailed', holder: survey.id, messageId: null },
      { type: 'controlReleased', from: survey.id, cause: 'holderDead' },
      { type: 'endNoteWritten' },
      { type: 'sessionEnded', end: { reason: 'end_user_ended' }, postEnd: { forced: true } },
      { type: 'conversationClosed' },
    ]);
  });
});

describe('slow is not dead', () => {
  const slow = (replyAction: HolderDeadlines['replyAction']) =>
    switchboardWith({ ...second, deadlines: { ...deadlines, replySeconds: 60, replyAction } });
  const waiting = held.configured(slow('warn'));
  const due = (story: Story): ConversationCommand => ({
    type: 'timerDue',
    kind: 'replyDeadline',
    subject: story.state.session?.id ?? '',
  });

  it('R14 a late answer is announced once, and control stays', () => {
    expect(waiting.later(59).when(due(waiting)).happened).toEqual([]);
    const late = waiting.later(60).given(due(waiting));
    expect(late.decision.events).toMatchObject([{ type: 'replyOverdue', holder: second.id }]);
    expect(holder(late)).toBe(second.id);
    expect(late.later(60).when(due(late)).happened).toEqual([]);
  });

  it('counts from the first message without an answer, and an answer ends it', () => {
    const twice = waiting.later(40).given(writes()).later(20);
    expect(twice.when(due(twice)).happened).toEqual(['replyOverdue']);
    for (const by of [keyOf(second), app]) {
      expect(waiting.later(40).given(says(by)).later(20).when(due(waiting)).happened).toEqual([]);
    }
    const asked = waiting.later(40).given(says(keyOf(second)), writes());
    expect(asked.later(59).when(due(asked)).happened).toEqual([]);
    expect(asked.later(60).when(due(asked)).happened).toEqual(['replyOverdue']);
  });

  it('counts anew for whoever takes over', () => {
    const back = waiting.later(50).given(pass(app, survey.id)).later(50).given(pass(app, second.id));
    expect(back.later(59).when(due(back)).happened).toEqual([]);
    expect(back.later(60).when(due(back)).happened).toEqual(['replyOverdue']);
  });

  it('R14 moves control only where it is set to', () => {
    const acting = waiting.configured(slow('failOver')).later(60);
    expect(acting.when(due(acting)).decision.events).toMatchObject([
      { type: 'replyOverdue' },
      { type: 'holderFailed', why: 'reply_overdue' },
      { type: 'controlPassed', to: faq.id, cause: 'holderDead', metadata: { why: 'reply_overdue' } },
    ]);
  });

  it('means nothing without a deadline, or once the session is over', () => {
    expect(held.later(1e6).when(due(held)).happened).toEqual([]);
    const over = waiting.given(ends(ann)).later(60);
    expect(over.when(due(waiting)).happened).toEqual([]);
  });
});

describe('an offer with a fallback', () => {
  const invited = written.given(offers([survey.name, floor.name]));

  it.each([keyOf(second), app])('that is declined goes to the next in its chain, in the same words', (by) => {
    const after = invited.when({ type: 'declineControl', by, metadata: null });
    expect(after.decision.events).toMatchObject([
      { type: 'controlDeclined', pending: second.id },
      { type: 'controlOffered', active: faq.id, to: survey.id, metadata: { ticket: 7 }, by: { type: 'system' } },
    ]);
  });

  it('that expires goes on with a deadline of its own', () => {
    const short = written.given(offers([survey.name], second.id, 5));
    const expired = short.later(5).given({ type: 'expireOffer', offerSeq: short.offerSeq });
    expect(expired.happened).toEqual(['offerExpired', 'controlOffered']);
    expect(expired.decision.events[1]).toMatchObject({ to: survey.id, expiresAt: expired.world.now + 5_000 });
    expect(expired.later(4).when({ type: 'expireOffer', offerSeq: expired.offerSeq }).happened).toEqual([]);
  });

  it('R14 goes on when who is invited is dead', () => {
    const after = invited.when(inviteeDies(invited, second));
    expect(after.decision.events).toMatchObject([
      { type: 'holderFailed', holder: second.id, role: 'pending', messageId: null },
      { type: 'controlOffered', to: survey.id },
    ]);
    expect(after.state.controlEpoch).toBe(invited.state.controlEpoch);
    expect(after.when(inviteeDies(invited, second)).happened).toEqual([]);
  });

  it('stays with the holder at the end of the chain, and an event says so', () => {
    const last = written.given(offers([survey.name])).given({ type: 'declineControl', by: app, metadata: null });
    const after = last.when({ type: 'declineControl', by: app, metadata: null });
    expect(after.happened).toEqual(['controlDeclined', 'offersExhausted']);
    expect(after.decision.events[1]).toMatchObject({ active: faq.id, last: survey.id, why: 'declined' });
    expect(holder(after)).toBe(faq.id);
    expect(after.offerSeq).toBe(0);
  });

  it('passes over who was deleted, or holds control by then', () => {
    const without = board({ ...switchboard, integrations: [faq, second, floor] });
    const declined = { type: 'declineControl', by: app, metadata: null } as const;
    expect(invited.configured(without).when(declined).decision.events[1]).toMatchObject({ to: floor.id });
    const released = written.given(release(app), offers([faq.name, survey.name]), writes());
    expect(holder(released)).toBe(faq.id);
    expect(released.when(declined).decision.events[1]).toMatchObject({ to: survey.id });
  });

  it('is refused when it names nobody, or the holder', () => {
    for (const name of ['nobody', 'next', faq.name]) {
      expect(written.when(offers([name])).refusal).toMatchObject({ code: 'switchboard_invalid_target' });
    }
  });

  it('that names none stays as it was: nothing follows, and nobody is found dead', () => {
    const plain = written.given(offer(app, second.id));
    expect(plain.when({ type: 'declineControl', by: app, metadata: null }).happened).toEqual(['controlDeclined']);
    expect(plain.when(inviteeDies(plain, second)).happened).toEqual([]);
  });
});

function switchboardWith(changed: SwitchboardIntegration) {
  return {
    ...switchboard,
    integrations: switchboard.integrations.map((one) => (one.id === changed.id ? changed : one)),
  };
}
