import { describe, expect, it } from '@jest/globals';
import type { Actor, EndActor } from '../index.js';
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
  passedTo,
  release,
  says,
  start,
  stranger,
  survey,
  system,
  usual,
  writes,
} from '../story.spec-kit.js';

const live = Story.of().given(start(), writes());
const surveyed = Story.of(board(), { onEnd: passedTo('survey') }).given(start(), writes());
const ending = surveyed.given(ends(ann));
const overdue = (story: Story) => ({ type: 'expireEnding', sessionId: story.state.session?.id ?? '' }) as const;

describe('who may end', () => {
  it.each<[string, Actor, Story, EndActor, string]>([
    ['the end user', ann, live, 'end_user', 'end_user_ended'],
    ['the bot that holds control (T30)', keyOf(faq), live, 'bot', 'bot_completed'],
    ['the desk that holds control (A-1)', keyOf(desk), live.given(pass(app, 'desk')), 'agent', 'agent_ended'],
    ['an app key (T31)', app, live, 'system', 'automation'],
    ['a timer', system, live, 'system', 'automation'],
  ])('%s', (_who, by, story, type, reason) => {
    const over = story.when(ends(by));
    expect(over.state.session).toMatchObject({ status: 'ENDED', end: { endedBy: { type }, reason } });
  });

  it('E-14: not the end user when that is off', () => {
    const refused = live.configured(board(), { endSessionEnabled: false }).when(ends(ann));
    expect(refused.decision).toEqual({ events: [], answer: { ok: false, refusal: { reason: 'endByUserDisabled' } } });
  });

  it('A-7: not the desk when that is off, but still the bot', () => {
    const off = live.configured(board(), { agentsCanEnd: false });
    expect(off.given(pass(app, 'desk')).when(ends(keyOf(desk))).refusal).toEqual({ reason: 'agentEndDisabled' });
    expect(off.when(ends(keyOf(faq))).refusal).toBeNull();
  });

  it.each([keyOf(desk), stranger])('T30: no integration that does not hold control', (by) => {
    expect(live.when(ends(by)).refusal).toEqual({ reason: 'notTheHolder' });
  });

  it('nobody, before there is a session', () => {
    expect(Story.of().given(start()).when(ends(app)).refusal).toEqual({ reason: 'noSession' });
  });
});

describe('an end that releases (docs/rules.md 2.3, E-8 to E-10)', () => {
  it('tells it in the order consumers are promised', () => {
    const over = live.given(offer(app, 'desk')).when(ends(ann));
    expect(over.happened).toEqual([
      'sessionEndRequested',
      'controlReleased',
      'endNoteWritten',
      'sessionEnded',
      'conversationClosed',
    ]);
    expect(over.decision.events[1]).toMatchObject({ from: faq.id, voided: desk.id, cause: 'sessionEnd' });
    expect(over.control).toBe('nobody');
    expect(over.state.lifecycle).toBe('closedToEndUser');
    expect(over.decision.answer).toEqual({ ok: true, sessionId: live.state.session?.id, repeated: false });
  });

  it('releases nothing where nothing was held', () => {
    const over = live.given(release(app)).when(ends(ann));
    expect(over.happened).toEqual(['sessionEndRequested', 'endNoteWritten', 'sessionEnded', 'conversationClosed']);
  });

  it('leaves the conversation open where conversations reopen', () => {
    const over = live.configured(board(), { disableConversationReopen: false }).when(ends(ann));
    expect(over.happened.at(-1)).toBe('sessionEnded');
    expect(over.state.lifecycle).toBe('open');
  });

  it('freezes who was in charge', () => {
    const over = live.given(pass(app, 'desk')).when(ends(ann));
    expect(over.state.session).toMatchObject({
      end: {
        endedBy: { type: 'end_user', id: ann.userId, via: 'widget' },
        controllerAtEnd: desk.id,
        controllerKindAtEnd: 'agent',
        requestedAt: over.world.now,
      },
      endedAt: over.world.now,
    });
  });

  it('E-20: the note is no message of the session', () => {
    const over = live.when(ends(ann));
    expect(over.state.session?.messages).toEqual(live.state.session?.messages);
    expect(over.state.messageCount).toBe(live.state.messageCount + 1);
  });

  it('docs/rules.md 2.3 step 1: repeated by anybody it answers the stored result and changes nothing', () => {
    const over = live.given(ends(ann));
    for (const by of [ann, app, keyOf(desk), stranger]) {
      const again = over.later(60).when(ends(by));
      expect(again.decision).toEqual({
        events: [],
        answer: { ok: true, sessionId: live.state.session?.id, repeated: true },
      });
      expect(again.state).toBe(over.state);
    }
  });
});

describe('an end that passes control on (E-11 to E-13)', () => {
  it('hands control to the configured integration; the session is not over', () => {
    expect(ending.happened).toEqual(['sessionEndRequested', 'controlPassed', 'sessionEnding']);
    expect(ending.decision.events[1]).toMatchObject({
      to: survey.id,
      cause: 'sessionEnd',
      metadata: { sessionId: ending.state.session?.id, endedBy: 'end_user', endReason: 'end_user_ended' },
    });
    expect(ending.state.session).toMatchObject({
      status: 'ENDING',
      handledBy: ['bot'],
      postEnd: { integrationId: survey.id, deadline: ending.world.now + 900_000, finishedAt: null },
    });
  });

  it('E-13: the end user may still write, the integration in charge may answer, nobody else', () => {
    const talk = ending.given(writes(), says(keyOf(survey)));
    expect(talk.state.session?.status).toBe('ENDING');
    expect(talk.when(says(keyOf(faq))).refusal).toMatchObject({ reason: 'notInControl' });
  });

  it('T33: ends when that integration releases, with the end that was asked first', () => {
    const over = ending.later(30).when(release(keyOf(survey)));
    expect(over.happened).toEqual(['controlReleased', 'endNoteWritten', 'sessionEnded', 'conversationClosed']);
    expect(over.state.session).toMatchObject({
      status: 'ENDED',
      end: { endedBy: { type: 'end_user' }, reason: 'end_user_ended', requestedAt: ending.world.now },
      postEnd: { finishedAt: over.world.now, forced: false },
      endedAt: over.world.now,
    });
  });

  it('T33: or an app key; any other integration is forbidden (E-12)', () => {
    expect(ending.given(release(app)).state.session?.status).toBe('ENDED');
    for (const by of [keyOf(faq), stranger])
      expect(ending.when(release(by)).refusal).toMatchObject({ reason: 'forbidden' });
  });

  it('docs/rules.md 2.3 step 2: a second end changes nothing, the first actor wins', () => {
    const again = ending.when(ends(app));
    expect(again.decision).toEqual({
      events: [],
      answer: { ok: true, sessionId: ending.state.session?.id, repeated: true },
    });
  });

  it('docs/rules.md 2.2a: the holder or an app key may hand control on, nobody else', () => {
    for (const by of [keyOf(faq), stranger]) {
      for (const command of [pass(by, 'desk'), offer(by, 'desk')]) {
        expect(ending.when(command).refusal).toMatchObject({
          reason: 'controlFailed',
          code: 'switchboard_invalid_action',
        });
      }
    }
    const handedOn = ending.given(pass(keyOf(survey), 'desk'));
    expect(handedOn.state.session?.status).toBe('ENDING');
    expect(handedOn.given(release(keyOf(desk))).state.session).toMatchObject({ status: 'ENDED', handledBy: ['bot'] });
    expect(ending.given(pass(app, 'desk')).control).toBe('desk');
  });

  it('T34: the deadline ends it by force, once, never early', () => {
    expect(ending.later(899).when(overdue(ending)).happened).toEqual([]);
    const over = ending.later(900).when(overdue(ending));
    expect(over.decision.events[0]).toMatchObject({ type: 'controlReleased', cause: 'endingExpired' });
    expect(over.state.session).toMatchObject({ status: 'ENDED', postEnd: { forced: true } });
    expect(over.when(overdue(ending)).happened).toEqual([]);
  });

  it('docs/rules.md 0.3: without a limit it waits for ever', () => {
    const patient = surveyed.configured(board(), { endingMaxSeconds: 0 }).given(ends(ann));
    expect(patient.later(1e9).when(overdue(patient)).happened).toEqual([]);
  });

  it('the timer of another session changes nothing', () => {
    expect(ending.later(1e9).when({ type: 'expireEnding', sessionId: 'other' }).happened).toEqual([]);
  });

  it.each([
    ['is unknown', surveyed.configured(board(), { onEnd: passedTo('nobody') })],
    ['is in charge already', surveyed.configured(board(), { onEnd: passedTo('faq') })],
    ['cannot be reached: the switchboard is disabled', surveyed.configured(board({ enabled: false }))],
  ])('docs/rules.md 2.3 step 6: falls back to release when the target %s', (_why, story) => {
    const over = story.when(ends(ann));
    expect(over.happened).toEqual([
      'sessionEndRequested',
      'controlReleased',
      'endNoteWritten',
      'sessionEnded',
      'conversationClosed',
    ]);
    expect(over.state.session).toMatchObject({ end: { postEndSkipped: true }, postEnd: null });
  });

  it('each who ends has its own rule', () => {
    const agents = surveyed.configured(board(), { onEnd: { ...usual.onEnd, agent: { mode: 'pass', to: 'survey' } } });
    expect(agents.given(ends(ann)).state.session?.status).toBe('ENDED');
    expect(agents.given(pass(app, 'desk'), ends(keyOf(desk))).state.session?.status).toBe('ENDING');
  });

  it('ends at the next command when the integration in charge was deleted', () => {
    const gone = board({ integrations: [faq, desk] });
    const next = ending.given(offer(app, 'desk')).configured(gone).when(writes());
    expect(next.happened).toEqual([
      'holderRemoved',
      'controlReleased',
      'endNoteWritten',
      'sessionEnded',
      'conversationClosed',
    ]);
    expect(next.refusal).toEqual({ reason: 'conversationEnded' });
    expect(next.state.session).toMatchObject({
      status: 'ENDED',
      end: { endedBy: { type: 'end_user' } },
      postEnd: { forced: true },
    });
  });

  it('the same, and the message begins the next session where conversations reopen', () => {
    const gone = board({ integrations: [faq, desk] });
    const next = ending.configured(gone, { disableConversationReopen: false }).when(writes());
    expect(next.happened).toEqual([
      'holderRemoved',
      'endNoteWritten',
      'sessionEnded',
      'controlAssigned',
      'sessionStarted',
      'messageReceived',
    ]);
  });
});

describe('removing the conversation', () => {
  const remove = { type: 'removeConversation', by: app } as const;

  it('is the end of a live session too (I6)', () => {
    const removed = live.when(remove);
    expect(removed.happened).toEqual(['sessionEndRequested', 'sessionEnded', 'conversationRemoved']);
    expect(removed.state).toMatchObject({ lifecycle: 'removed', control: { status: 'released' }, controlEpoch: 2 });
  });

  it('keeps the end that was asked first', () => {
    const removed = ending.when(remove);
    expect(removed.happened).toEqual(['sessionEnded', 'conversationRemoved']);
    expect(removed.state.session).toMatchObject({ end: { reason: 'end_user_ended' }, postEnd: { forced: true } });
  });

  it('says nothing of sessions that are over', () => {
    expect(live.given(ends(app)).when(remove).happened).toEqual(['conversationRemoved']);
  });
});
