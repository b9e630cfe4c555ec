import { describe, expect, it } from '@jest/globals';
import { pendingOf, type ConversationCommand } from '../index.js';
import {
  Story,
  accepts,
  app,
  board,
  declines,
  desk,
  faq,
  keyOf,
  offer,
  pass,
  release,
  start,
  stranger,
  survey,
  writes,
} from '../story.spec-kit.js';

const held = Story.of().given(start());
const offered = held.given(offer(keyOf(faq), 'desk'));
const expiry = (offerSeq: number) => ({ type: 'expireOffer', offerSeq }) as const;

describe('offering control (docs/wire.md 10.4)', () => {
  it('row 8: the holder keeps control while the target is invited', () => {
    expect(offered.decision.events).toMatchObject([
      { type: 'controlOffered', active: faq.id, to: desk.id, voided: null, expiresAt: null, metadata: { ticket: 7 } },
    ]);
    expect(offered.control).toBe('faq > desk');
    expect(offered.state.controlEpoch).toBe(1);
  });

  it('row 9: a newer offer makes the older one void', () => {
    const newer = offered.when(offer(app, 'survey'));
    expect(newer.decision.events).toMatchObject([{ type: 'controlOffered', to: survey.id, voided: desk.id }]);
    expect(newer.control).toBe('faq > survey');
    expect(newer.when(accepts(keyOf(desk))).refusal).toEqual({ reason: 'forbidden', action: 'accept' });
  });

  it('row 10: the holder cannot be invited', () => {
    const failed = offered.when(offer(app, 'faq'));
    expect(failed.refusal).toEqual({
      reason: 'controlFailed',
      code: 'switchboard_invalid_target',
      message: 'Cannot offer control to the active switchboard integration.',
    });
    expect(failed.control).toBe('faq > desk');
  });

  it.each(['nobody', 'custom'])('row 11: %p is no target', (target) => {
    expect(held.when(offer(app, target)).refusal).toMatchObject({ code: 'switchboard_invalid_target' });
  });

  it.each([keyOf(faq), app])('10.3: `next` is the next of the holder, as in a pass', (by) => {
    expect(held.given(offer(by, 'next')).control).toBe('faq > desk');
  });

  it('10.3: `next` repeated by the same key changes nothing; an app key offers anew', () => {
    const invited = held.given(offer(keyOf(faq), 'next'));
    expect(invited.when(offer(keyOf(faq), 'next')).decision).toEqual({ events: [], answer: { ok: true } });
    expect(invited.given(accepts(keyOf(desk))).when(offer(keyOf(faq), 'next')).decision.events).toEqual([]);
    expect(invited.when(offer(app, 'next')).happened).toEqual(['controlOffered']);
  });

  it('10.3: `next` is no target where the holder has none, and to nobody outside the switchboard', () => {
    const last = held.given(pass(app, 'desk'));
    for (const by of [app, keyOf(desk)]) {
      expect(last.when(offer(by, 'next')).refusal).toMatchObject({ code: 'switchboard_invalid_target' });
    }
    expect(held.when(offer(stranger, 'next')).refusal).toMatchObject({ code: 'switchboard_invalid_target' });
  });

  it('10.3: `next` with nobody active is the next of the default', () => {
    const alone = held.given(release(app)).when(offer(app, 'next'));
    expect(alone.happened).toEqual(['controlAssigned', 'controlOffered']);
    expect(alone.control).toBe('faq > desk');
  });

  it('`next` in a line of invitations is the next of the one before', () => {
    const line = board({ integrations: [faq, { ...desk, nextId: survey.id }, survey] });
    const command = { ...offer(app, 'next'), fallback: ['next'] } as ConversationCommand;
    const invited = held.configured(line).given(command);
    expect(invited.given(declines(app)).control).toBe('faq > survey');
    expect(held.when(command).refusal).toMatchObject({ code: 'switchboard_invalid_target' });
  });

  it('`next` twice in a line goes one further each time', () => {
    const last = { ...survey, id: 'last' as typeof survey.id, name: 'last', nextId: null };
    const line = board({ integrations: [faq, { ...desk, nextId: survey.id }, { ...survey, nextId: last.id }, last] });
    const command = { ...offer(app, 'next'), fallback: ['next', 'next'] } as ConversationCommand;
    const invited = held.configured(line).given(command);
    expect(invited.control).toBe('faq > desk');
    expect(invited.given(declines(app)).control).toBe('faq > survey');
    expect(pendingOf(invited.given(declines(app), declines(app)).state.control)).toBe(last.id);
  });

  it('may be made while nobody holds control, and survives the default taking over', () => {
    const alone = held.given(release(app), offer(app, 'desk'));
    expect(alone.control).toBe('nobody > desk');
    expect(alone.given(writes()).control).toBe('faq > desk');
  });

  it('to the default itself is used up when the default takes over (I1)', () => {
    expect(held.given(release(app), offer(app, 'faq'), writes()).control).toBe('faq');
  });
});

describe('answering an offer (docs/wire.md 10.4)', () => {
  it.each([keyOf(desk), app])('row 12: the invited one, or an app key, accepts', (by) => {
    const accepted = offered.when(accepts(by));
    expect(accepted.decision.events).toMatchObject([
      { type: 'controlAccepted', from: faq.id, to: desk.id, kind: 'agent' },
    ]);
    expect(accepted.control).toBe('desk');
    expect(accepted.state.controlEpoch).toBe(2);
  });

  it.each([keyOf(faq), keyOf(survey), stranger])('row 13: nobody else may', (by) => {
    expect(offered.when(accepts(by)).decision).toEqual({
      events: [],
      answer: { ok: false, refusal: { reason: 'forbidden', action: 'accept' } },
    });
    expect(offered.when(declines(by)).refusal).toEqual({ reason: 'forbidden', action: 'decline' });
  });

  it('row 14: without an offer an app key is told so, an integration is forbidden', () => {
    const message = 'There is no pendingSwitchboardIntegration';
    for (const answers of [accepts, declines]) {
      const failed = held.when(answers(app));
      expect(failed.refusal).toEqual({ reason: 'controlFailed', code: 'switchboard_invalid_action', message });
      expect(failed.happened).toEqual(['controlFailed']);
      expect(held.when(answers(keyOf(desk))).refusal).toMatchObject({ reason: 'forbidden' });
    }
  });

  it.each([keyOf(desk), app])('declining leaves the holder, its epoch and no offer', (by) => {
    const declined = offered.when(declines(by));
    expect(declined.happened).toEqual(['controlDeclined']);
    expect(declined.control).toBe('faq');
    expect(declined.state.controlEpoch).toBe(1);
  });

  it('row 20: is out of use with a disabled switchboard', () => {
    for (const answers of [accepts, declines]) {
      const idle = offered.configured(board({ enabled: false }));
      expect(idle.when(answers(keyOf(desk))).refusal).toMatchObject({ reason: 'controlFailed' });
    }
  });
});

describe('the deadline of an offer (row 18, I7)', () => {
  it("is the offer's own, else the switchboard's, else none", () => {
    const lazy = Story.of(board({ offerExpirySeconds: 60 })).given(start());
    expect(lazy.when(offer(app, 'desk', 5)).decision.events).toMatchObject([{ expiresAt: lazy.world.now + 5_000 }]);
    expect(lazy.when(offer(app, 'desk')).decision.events).toMatchObject([{ expiresAt: lazy.world.now + 60_000 }]);
    expect(offered.later(1e9).when(expiry(offered.offerSeq)).happened).toEqual([]);
  });

  it('expires the offer once, never early', () => {
    const short = held.given(offer(app, 'desk', 5));
    expect(short.later(4).when(expiry(short.offerSeq)).happened).toEqual([]);
    const expired = short.later(5).when(expiry(short.offerSeq));
    expect(expired.happened).toEqual(['offerExpired']);
    expect(expired.control).toBe('faq');
    expect(expired.when(expiry(short.offerSeq)).happened).toEqual([]);
  });

  it('of an older offer does not touch a newer one', () => {
    const short = held.given(offer(app, 'desk', 5));
    const renewed = short.given(offer(app, 'desk', 5));
    expect(renewed.later(60).when(expiry(short.offerSeq)).happened).toEqual([]);
  });

  it('counts also before its timer fired: a late accept finds no offer', () => {
    const late = held.given(offer(app, 'desk', 5)).later(5);
    expect(late.when(accepts(keyOf(desk))).happened).toEqual(['offerExpired']);
    expect(late.when(accepts(keyOf(desk))).refusal).toMatchObject({ reason: 'forbidden' });
    expect(late.when(accepts(app)).happened).toEqual(['offerExpired', 'controlFailed']);
    expect(late.when(pass(app, 'desk')).control).toBe('desk');
  });
});
