import { describe, expect, it } from '@jest/globals';
import {
  Story,
  app,
  board,
  desk,
  faq,
  keyOf,
  offer,
  pass,
  release,
  start,
  stranger,
  survey,
} from '../story.spec-kit.js';

const held = Story.of().given(start());
const unheld = held.given(release(app));

describe('passing control (docs/wire.md 10.4)', () => {
  it('row 1: the default holds control as the conversation begins', () => {
    expect(held.happened).toEqual(['conversationStarted', 'controlAssigned']);
    expect(held.control).toBe('faq');
    expect(held.state.controlEpoch).toBe(1);
  });

  it('row 3: the target holds control and the offer is void', () => {
    const passed = held.given(offer(app, 'survey')).when(pass(keyOf(faq), 'desk'));
    expect(passed.decision.events).toMatchObject([
      {
        type: 'controlPassed',
        from: faq.id,
        to: desk.id,
        kind: 'agent',
        voided: survey.id,
        metadata: { ticket: 7 },
        cause: 'command',
      },
    ]);
    expect(passed.control).toBe('desk');
    expect(passed.state.controlEpoch).toBe(2);
  });

  it('row 3: a pass to the invited one is no void offer', () => {
    const passed = held.given(offer(app, 'desk')).when(pass(app, 'desk'));
    expect(passed.decision.events).toMatchObject([{ to: desk.id, voided: null }]);
    expect(passed.control).toBe('desk');
  });

  it('row 4: a pass to the holder is accepted and changes nothing, an offer stands', () => {
    const again = held.given(offer(app, 'desk')).when(pass(app, 'faq'));
    expect(again.decision).toEqual({ events: [], answer: { ok: true } });
    expect(again.control).toBe('faq > desk');
  });

  it.each(['nobody', 'custom', ''])(
    'row 5: a target that is unknown or ambiguous (%p) is said to have failed',
    (target) => {
      const failed = held.when(pass(app, target));
      expect(failed.happened).toEqual(['controlFailed']);
      expect(failed.refusal).toMatchObject({ reason: 'controlFailed', code: 'switchboard_invalid_target' });
      expect(failed.control).toBe('faq');
    },
  );

  it('row 6: control that nobody holds can be passed', () => {
    expect(unheld.when(pass(app, 'desk')).decision.events).toMatchObject([
      { type: 'controlPassed', from: null, to: desk.id },
    ]);
  });

  it.each([keyOf(desk), stranger])('row 7: an integration that does not hold control may take or give it', (by) => {
    expect(held.given(pass(by, 'desk')).control).toBe('desk');
  });

  it('10.3: the target is an id, a name or a type, in that order', () => {
    expect(held.given(pass(app, desk.id)).control).toBe('desk');
    expect(held.given(pass(app, 'zd:helpDesk')).control).toBe('desk');
    const shadowed = board({
      integrations: [{ ...faq, name: desk.id }, desk, { ...survey, name: 'zd:helpDesk' }],
    });
    expect(held.configured(shadowed).given(pass(app, desk.id)).control).toBe('desk');
    expect(held.configured(shadowed).given(pass(app, 'zd:helpDesk')).control).toBe('survey');
  });

  it('rows 20, 21: without a switchboard in use control actions fail aloud', () => {
    for (const switchboard of [null, board({ enabled: false })]) {
      const idle = Story.of(switchboard).given(start());
      for (const command of [pass(app, 'desk'), release(keyOf(faq))]) {
        expect(idle.when(command).refusal).toMatchObject({
          reason: 'controlFailed',
          code: 'switchboard_invalid_action',
        });
      }
    }
    expect(held.configured(board({ enabled: false })).when(pass(app, 'desk')).control).toBe('faq');
  });

  it('row 22: an unknown or removed conversation is not found, whatever the command', () => {
    expect(Story.of().when(pass(app, 'desk')).refusal).toEqual({ reason: 'conversationNotFound' });
    const removed = held.given({ type: 'removeConversation', by: app });
    expect(removed.control).toBe('nobody');
    for (const command of [start(), pass(app, 'desk')]) {
      expect(removed.when(command).decision.events).toEqual([]);
      expect(removed.when(command).refusal).toEqual({ reason: 'conversationNotFound' });
    }
  });
});

describe('"next" (docs/wire.md 10.3)', () => {
  it('is the next of the caller that holds control', () => {
    expect(held.given(pass(keyOf(faq), 'next')).control).toBe('desk');
  });

  it('repeated by a caller that holds it no longer changes nothing', () => {
    const twice = held.given(pass(keyOf(faq), 'next')).when(pass(keyOf(faq), 'next'));
    expect(twice.decision).toEqual({ events: [], answer: { ok: true } });
  });

  it('of an app key advances each time, and fails at the end of the chain', () => {
    const end = held.given(pass(app, 'next')).when(pass(app, 'next'));
    expect(end.refusal).toMatchObject({ code: 'switchboard_invalid_target' });
    expect(end.control).toBe('desk');
  });

  it('with nobody active assigns the default first', () => {
    for (const by of [app, keyOf(faq), keyOf(desk)]) {
      const passed = unheld.when(pass(by, 'next'));
      expect(passed.happened).toEqual(['controlAssigned', 'controlPassed']);
      expect(passed.control).toBe('desk');
    }
  });

  it('with nobody active and no default fails', () => {
    const failed = unheld.configured(board({ defaultId: null })).when(pass(app, 'next'));
    expect(failed.happened).toEqual(['controlFailed']);
  });

  it('keeps the default it assigned when there is no next', () => {
    const failed = unheld.configured(board({ defaultId: desk.id })).when(pass(app, 'next'));
    expect(failed.happened).toEqual(['controlAssigned', 'controlFailed']);
    expect(failed.control).toBe('desk');
  });

  it('means nothing to an integration outside the switchboard', () => {
    expect(held.when(pass(stranger, 'next')).refusal).toMatchObject({ code: 'switchboard_invalid_target' });
  });
});

describe('releasing control (docs/wire.md 10.4)', () => {
  it('row 15: leaves neither an active nor a pending one', () => {
    for (const by of [app, keyOf(faq)]) {
      const released = held.given(offer(app, 'desk')).when(release(by));
      expect(released.decision.events).toMatchObject([
        { type: 'controlReleased', from: faq.id, voided: desk.id, metadata: { done: true }, reason: 'ticketClosed' },
        { type: 'ticketNoteWritten', reason: 'ticketClosed' },
      ]);
      expect(released.control).toBe('nobody');
      expect(released.state.controlEpoch).toBe(2);
    }
  });

  it.each([keyOf(desk), stranger])(
    'row 16: is forbidden to an integration that does not hold it, pending or not',
    (by) => {
      const refused = held.given(offer(app, 'desk')).when(release(by));
      expect(refused.decision).toEqual({
        events: [],
        answer: { ok: false, refusal: { reason: 'forbidden', action: 'release' } },
      });
    },
  );

  it('row 17: an app key releases nothing without a word', () => {
    expect(unheld.when(release(app)).decision).toEqual({ events: [], answer: { ok: true } });
  });

  it('an offer that stood alone is cleared without a new epoch', () => {
    const alone = unheld.given(offer(app, 'desk'));
    const cleared = alone.when(release(app));
    expect(cleared.control).toBe('nobody');
    expect(cleared.state.controlEpoch).toBe(alone.state.controlEpoch);
  });
});

describe('a deleted switchboard integration (docs/wire.md 10.4 rows 19, 21)', () => {
  const without = (...gone: readonly string[]) =>
    board({ defaultId: null, integrations: [faq, desk, survey].filter(({ name }) => !gone.includes(name)) });

  it('loses control at the next command, whatever that is', () => {
    const next = held.configured(without('faq')).when(pass(app, 'desk'));
    expect(next.happened).toEqual(['holderRemoved', 'controlPassed']);
    expect(next.state.controlEpoch).toBe(3);
  });

  it('loses its offer; the holder stays', () => {
    const next = held.given(offer(app, 'desk')).configured(without('desk')).when(pass(app, 'faq'));
    expect(next.decision.events).toEqual([{ type: 'holderRemoved', active: null, pending: desk.id }]);
    expect(next.control).toBe('faq');
    expect(next.state.controlEpoch).toBe(1);
  });

  it('leaves the offer to another one standing', () => {
    const next = held.given(offer(app, 'desk')).configured(without('faq')).when(pass(app, 'nobody'));
    expect(next.decision.events[0]).toEqual({ type: 'holderRemoved', active: faq.id, pending: null });
    expect(next.control).toBe('nobody > desk');
  });

  it('goes with its switchboard', () => {
    const next = held.given(offer(app, 'desk')).configured(null).when(pass(app, 'desk'));
    expect(next.happened).toEqual(['holderRemoved', 'controlFailed']);
    expect(next.control).toBe('nobody');
  });
});
