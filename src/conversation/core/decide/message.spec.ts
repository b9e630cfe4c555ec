import { describe, expect, it } from '@jest/globals';
import type { MessageId } from '../../../kernel/index.js';
import { MESSAGE_LIMIT, type Actor, type ConversationCommand } from '../index.js';
import {
  Story,
  ann,
  app,
  board,
  desk,
  ends,
  faq,
  keyOf,
  offer,
  pass,
  release,
  says,
  start,
  stranger,
  survey,
  writes,
} from '../story.spec-kit.js';

const held = Story.of().given(start());
const postback = { type: 'recordPostback', by: ann, userId: ann.userId } as const;
const read = { type: 'recordRead', by: ann, userId: ann.userId } as const;

describe('a session', () => {
  it("begins with the end user's first message, after the default got control", () => {
    const first = held.given(release(app)).when(writes());
    expect(first.happened).toEqual(['controlAssigned', 'sessionStarted', 'messageReceived']);
    expect(first.state.session).toMatchObject({
      status: 'ACTIVE',
      handledBy: ['bot'],
      acceptedAt: null,
      messages: { endUser: 1 },
    });
  });

  it('does not begin with a business message, a postback or a read', () => {
    for (const command of [says(app), postback, read]) expect(held.given(command).state.session).toBeNull();
  });

  it('knows who handled it, also who held control when it began', () => {
    const taken = held.given(pass(app, 'desk')).later(1).given(writes());
    expect(taken.state.session).toMatchObject({ handledBy: ['agent'], acceptedAt: taken.world.now });
    const handed = held.given(writes()).later(1).given(pass(app, 'desk'), pass(app, 'faq'));
    expect(handed.state.session).toMatchObject({ handledBy: ['bot', 'agent'], acceptedAt: handed.world.now });
  });

  it('counts messages by who wrote them', () => {
    const talk = held.given(
      writes(),
      says(keyOf(faq)),
      says(app),
      says(stranger),
      pass(app, 'desk'),
      says(keyOf(desk)),
    );
    expect(talk.state.session?.messages).toEqual({ endUser: 1, bot: 1, agent: 1, other: 2 });
  });

  it('T37: a message after the end begins a new one where conversations reopen, with the default', () => {
    const over = Story.of(board(), { disableConversationReopen: false }).given(start(), writes(), ends(app));
    const again = over.when(writes());
    expect(again.happened).toEqual(['controlAssigned', 'sessionStarted', 'messageReceived']);
    expect(again.state.session?.id).not.toBe(over.state.session?.id);
  });

  it('T37: else the end user is refused, and so is the business', () => {
    const closed = held.given(writes(), ends(app));
    for (const command of [writes(), writes(app), postback, says(app), says(keyOf(faq))]) {
      expect(closed.when(command).decision).toEqual({
        events: [],
        answer: { ok: false, refusal: { reason: 'conversationEnded' } },
      });
    }
  });

  it('docs/rules.md 2.2a: after an end only a new session assigns the default', () => {
    const over = Story.of(board({ enforcement: 'off' }), { disableConversationReopen: false }).given(
      start(),
      writes(),
      ends(app),
    );
    for (const command of [says(app), postback, read]) expect(over.given(command).control).toBe('nobody');
  });
});

describe("an answer to a bot's form", () => {
  const answers = (submitted: boolean, by: Actor = ann): ConversationCommand => ({
    ...(writes(by) as ConversationCommand & { type: 'receiveMessage' }),
    form: { messageId: FORM, submitted },
  });
  const FORM = '00000000000000000000f0f0' as MessageId;

  it('is a message of the end user, and says which form it answers', () => {
    const answered = held.given(release(app)).when(answers(false));
    expect(answered.happened).toEqual(['controlAssigned', 'sessionStarted', 'messageReceived']);
    expect(answered.decision.events.at(-1)).toMatchObject({ formId: FORM, userId: ann.userId, by: ann });
    expect(answered.state.session?.messages).toMatchObject({ endUser: 1 });
  });

  it('is refused where the form has one', () => {
    expect(held.when(answers(true)).decision).toEqual({
      events: [],
      answer: { ok: false, refusal: { reason: 'formSubmitted' } },
    });
  });

  it('is refused as a message is: after the end, and to a bot without control', () => {
    const over = held.given(writes(), ends(app));
    expect(over.when(answers(false)).refusal).toEqual({ reason: 'conversationEnded' });
    expect(held.when(answers(false, keyOf(desk))).refusal).toMatchObject({ reason: 'notInControl' });
  });
});

describe('default assignment (docs/wire.md 10.2)', () => {
  it.each([writes(), postback, read, says(app), says(keyOf(faq))])('row 2: activity assigns it', (command) => {
    const next = held.given(release(app)).when(command);
    expect(next.happened[0]).toBe('controlAssigned');
    expect(next.control).toBe('faq');
  });

  it('reading by the business is no activity', () => {
    const next = held.given(release(app)).when({ type: 'recordRead', by: keyOf(faq), userId: null });
    expect(next.happened).toEqual(['conversationRead']);
  });

  it('needs an enabled switchboard with a default', () => {
    for (const switchboard of [null, board({ enabled: false }), board({ defaultId: null })]) {
      expect(Story.of(switchboard).given(start(), writes()).control).toBe('nobody');
    }
  });
});

describe('the fence (I3)', () => {
  it('lets the holder speak, and nobody else of the switchboard, invited or not', () => {
    const offered = held.given(offer(app, 'desk'));
    expect(offered.when(says(keyOf(faq))).decision.events).toMatchObject([
      { type: 'messageSent', sender: faq.id, senderKind: 'bot', outOfTurn: false },
    ]);
    for (const one of [desk, survey]) {
      const refused = offered.when(says(keyOf(one)));
      expect(refused.decision.events).toEqual([]);
      expect(refused.refusal).toEqual({ reason: 'notInControl', holder: faq, controlEpoch: 1 });
    }
  });

  it('refuses the late reply of a bot that handed over', () => {
    const passed = held.given(pass(keyOf(faq), 'desk'));
    const late = passed.later(10).when(says(keyOf(faq)));
    expect(late.refusal).toMatchObject({ reason: 'notInControl', holder: { name: 'desk' }, controlEpoch: 2 });
    // Whoever names the epoch it meant is told that it is over, also within the time of a parting word.
    expect(passed.when(says(keyOf(faq), 1)).refusal).toMatchObject({ reason: 'staleControlEpoch', controlEpoch: 2 });
  });

  it('refuses an epoch that has yet to come', () => {
    for (const by of [app, keyOf(faq)]) {
      expect(held.when(says(by, 2)).refusal).toMatchObject({ reason: 'staleControlEpoch', controlEpoch: 1 });
    }
  });

  it('binds an integration whose place on the switchboard is gone', () => {
    const former = board({ integrations: [faq, survey], former: [desk.integrationId] });
    const gone = held.given(pass(app, 'desk')).configured(former);
    expect(gone.when(says(keyOf(desk))).refusal).toMatchObject({ reason: 'notInControl', holder: { name: 'faq' } });
    const warned = gone.configured({ ...former, enforcement: 'warn' }).when(says(keyOf(desk)));
    expect(warned.decision.events).toMatchObject([
      { type: 'holderRemoved' },
      { type: 'controlAssigned' },
      { type: 'messageSent', sender: null, outOfTurn: true },
    ]);
  });

  it('keeps integrations that were never on the switchboard out where it is told to', () => {
    const closed = held.configured(board({ outsiders: 'refuse' }));
    expect(closed.when(says(stranger)).refusal).toMatchObject({ reason: 'notInControl', holder: { name: 'faq' } });
    expect(closed.when(says(app)).refusal).toBeNull();
    // Channels that a business connects by itself still write as their end users.
    expect(closed.when(writes(stranger)).happened).toContain('messageReceived');
  });

  it('keeps the default assigned on the way to a refusal', () => {
    const refused = held.given(release(app)).when(says(keyOf(desk)));
    expect(refused.happened).toEqual(['controlAssigned']);
    expect(refused.refusal).toMatchObject({ reason: 'notInControl', holder: { name: 'faq' }, controlEpoch: 3 });
  });

  it('stands against everybody of the switchboard when nobody holds control after an end', () => {
    const over = Story.of(board(), { disableConversationReopen: false }).given(start(), writes(), ends(app));
    expect(over.when(says(keyOf(faq))).refusal).toMatchObject({ reason: 'notInControl', holder: null });
  });

  it.each(['warn', 'off'] as const)('%s lets it through and marks it', (enforcement) => {
    const sent = held.configured(board({ enforcement })).when(says(keyOf(desk)));
    expect(sent.decision.events).toMatchObject([{ type: 'messageSent', sender: desk.id, outOfTurn: true }]);
  });

  it('is open to app keys and to integrations outside the switchboard', () => {
    for (const by of [app, stranger]) {
      expect(held.when(says(by)).decision.events).toMatchObject([{ sender: null, senderKind: null, outOfTurn: false }]);
    }
  });

  it('is open in set-up mode, and without a switchboard', () => {
    const setUp = held.configured(board({ enabled: false })).when(says(keyOf(desk)));
    expect(setUp.decision.events).toMatchObject([{ type: 'messageSent', outOfTurn: false }]);
    expect(
      Story.of(null)
        .given(start())
        .when(says(keyOf(desk))).refusal,
    ).toBeNull();
  });

  it.each([app, stranger, keyOf(desk)])('refuses a stale epoch of any key, whatever the enforcement', (by) => {
    for (const enforcement of ['strict', 'warn', 'off'] as const) {
      const passed = held.configured(board({ enforcement })).given(pass(app, 'desk'));
      expect(passed.when(says(by, 1)).refusal).toMatchObject({ reason: 'staleControlEpoch', controlEpoch: 2 });
      expect(passed.when(says(by, 2)).refusal).toBeNull();
    }
  });

  it('compares the epoch after the default got control', () => {
    const unheld = held.given(release(app));
    expect(unheld.when(says(app, 2)).refusal).toMatchObject({ reason: 'staleControlEpoch', controlEpoch: 3 });
    expect(unheld.when(says(app, 3)).refusal).toBeNull();
  });
});

describe('what an integration does not hold', () => {
  const removals = (by: Actor): ConversationCommand[] => [
    { type: 'removeMessages', by, messageId: null, count: 3 },
    { type: 'removeConversation', by },
  ];
  const asUser = (by: Actor): ConversationCommand[] => [
    writes(by),
    { type: 'recordPostback', by, userId: ann.userId },
    { type: 'recordRead', by, userId: ann.userId },
  ];
  const live = held.given(writes());

  it('it cannot speak in as the end user, and it takes nothing away', () => {
    const former = live.configured(board({ integrations: [faq, survey], former: [desk.integrationId] }));
    for (const story of [live, live.given(offer(app, 'desk')), former]) {
      for (const command of [...asUser(keyOf(desk)), ...removals(keyOf(desk))]) {
        expect(story.when(command).refusal).toMatchObject({ reason: 'notInControl', holder: { name: 'faq' } });
        expect(story.when(command).happened).toEqual([]);
      }
    }
  });

  it('the holder, an app key and whoever was never on the switchboard may', () => {
    for (const by of [keyOf(faq), app, stranger]) {
      for (const command of [...asUser(by), ...removals(by)]) expect(live.when(command).refusal).toBeNull();
    }
    for (const command of removals(stranger)) {
      expect(live.configured(board({ outsiders: 'refuse' })).when(command).refusal).toMatchObject({ controlEpoch: 1 });
    }
  });

  it('is open where the fence only warns', () => {
    const warned = live.configured(board({ enforcement: 'warn' }));
    for (const command of [...asUser(keyOf(desk)), ...removals(keyOf(desk))]) {
      expect(warned.when(command).refusal).toBeNull();
    }
  });
});

describe('the limit of messages (docs/wire.md 5)', () => {
  const full = (() => {
    const story = held.given(writes());
    return Object.assign(Object.create(Object.getPrototypeOf(story)), story, {
      state: { ...story.state, messageCount: MESSAGE_LIMIT },
    }) as Story;
  })();

  it('refuses everybody, before the fence', () => {
    for (const command of [writes(), says(app), says(keyOf(desk))]) {
      expect(full.when(command).decision).toEqual({
        events: [],
        answer: { ok: false, refusal: { reason: 'messageLimitReached' } },
      });
    }
  });

  it('is not reached any more once messages are removed', () => {
    const removed = full.given({ type: 'removeMessages', by: app, messageId: null, count: MESSAGE_LIMIT });
    expect(removed.when(writes()).refusal).toBeNull();
  });

  it('removing nothing is nothing', () => {
    expect(held.when({ type: 'removeMessages', by: app, messageId: null, count: 0 }).happened).toEqual([]);
  });
});
