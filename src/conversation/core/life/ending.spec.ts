import { describe, expect, it } from '@jest/globals';
import type { ConversationCommand } from '../index.js';
import {
  ann,
  app,
  board,
  bot,
  by,
  channel,
  desk,
  keyOf,
  mia,
  statusBased,
  survey,
  usual,
  workspace,
} from './floor.spec-kit.js';
import {
  Told,
  asks,
  begins,
  ends,
  fires,
  handledBy,
  offersControl,
  parks,
  passes,
  releases,
  says,
  writes,
} from './told.spec-kit.js';

const withBot = Told.of().given(writes());
const tabs = handledBy(mia);
const states = handledBy(mia, { channel: channel('web_widget', 'enhanced', { load: statusBased }) });
const waiting = withBot.given(passes(app, 'workspace'));
const toSurvey = { settings: { onEnd: { ...usual.onEnd, end_user: { mode: 'pass', to: 'survey' } as const } } };
const ending = withBot.in(toSurvey).given(ends(ann));
const endingMax = (told: Told): ConversationCommand => ({
  type: 'expireEnding',
  sessionId: told.state.session?.id ?? '',
});

describe('the end user ends', () => {
  it.each([
    ['a bot', withBot],
    ['an agent', tabs],
    ['a desk', withBot.given(passes(app, 'desk'))],
    ['nobody yet: it waits', waiting],
    ['nobody: an agent was asked', waiting.given(asks(mia))],
    ['nobody any more: it is parked', tabs.given(parks(by(mia)))],
    ['a paused agent', states.given(parks(by(mia)))],
  ])('E-1, T29 whoever is in charge: %s', (_who, told) => {
    const over = told.when(ends(ann));
    expect(over.state.session).toMatchObject({
      status: 'ENDED',
      end: { endedBy: { type: 'end_user', id: ann.userId, via: 'widget' }, stateAtEnd: told.status },
    });
  });

  it('E-2 afterwards they can only read, and a new conversation begins with the default responder', () => {
    const closing = { settings: { disableConversationReopen: true } };
    const over = tabs.in(closing).given(ends(ann));
    expect(over.state.lifecycle).toBe('closedToEndUser');
    expect(over.when(writes()).refusal).toBe('conversationEnded');
    const anew = Told.of(closing).given(writes());
    expect([anew.control, anew.owner]).toEqual(['bot', null]);
  });

  it.each(['in_app', 'whatsapp', 'sms', 'byoc'] as const)('E-5 not on channels that do not have it: %s', (kind) => {
    const refused = withBot.in({ channel: channel(kind) }).when(ends(ann));
    expect([refused.refusal, refused.status]).toEqual(['notOnThisChannel', 'ACTIVE']);
  });

  it('E-14, E-16 not while it is off, from the next action on; what is over stays over', () => {
    const off = withBot.in({ settings: { endSessionEnabled: false } });
    expect(off.when(ends(ann)).refusal).toBe('endByUserDisabled');
    expect(withBot.given(ends(ann)).in({ settings: { endSessionEnabled: false } }).status).toBe('ENDED');
    expect(off.in({ settings: { endSessionEnabled: true } }).when(ends(ann)).status).toBe('ENDED');
  });

  it('T29 not before they wrote themselves', () => {
    const begun = Told.of({ channel: { ...channel(), can: { ...channel().can, businessStart: true } } });
    expect(begun.given(begins(by(mia))).when(ends(ann)).refusal).toBe('notBegun');
  });
});

describe('an end that releases', () => {
  it('E-8 leaves nobody in control and nobody invited', () => {
    const over = withBot.given(offersControl(app, 'desk')).when(ends(ann));
    expect(over.control).toBe('nobody');
    expect(over.last('controlReleased')).toMatchObject({ from: bot.id, voided: desk.id, cause: 'sessionEnd' });
  });

  it('E-9 releases before it is over, and what comes later is not for the former holder', () => {
    const over = withBot.when(ends(ann));
    expect(over.happened).toEqual(['sessionEndRequested', 'controlReleased', 'endNoteWritten', 'sessionEnded']);
    expect(over.in({ switchboard: board({ defaultId: desk.id }) }).when(writes()).control).toBe('desk');
  });

  it('E-10 needs nobody: the session is over in the same step', () => {
    for (const [told, who] of [
      [withBot, ann],
      [tabs, by(mia)],
      [waiting, app],
    ] as const) {
      expect(told.when(ends(who)).status).toBe('ENDED');
    }
  });

  it('E-20 is noted below the last message; the note is no message of the session', () => {
    const over = withBot.when(ends(ann));
    expect(over.happened.slice(-2)).toEqual(['endNoteWritten', 'sessionEnded']);
    expect(over.last('endNoteWritten')).toMatchObject({ end: { endedBy: { type: 'end_user' } } });
    expect(over.state.session?.messages).toEqual(withBot.state.session?.messages);
    expect(
      withBot
        .in({ settings: { endNoteToEndUser: false } })
        .when(ends(ann))
        .count('endNoteWritten'),
    ).toBe(0);
  });

  it('A-2 afterwards no message goes through, from anybody of the session', () => {
    const over = tabs.in({ settings: { disableConversationReopen: true } }).given(ends(by(mia)));
    for (const who of [by(mia), keyOf(workspace), app]) expect(over.when(says(who)).refusal).toBe('conversationEnded');
    const open = tabs.given(ends(by(mia)));
    expect(open.when(says(by(mia))).refusal).toBe('sessionOver');
  });

  it('tells of the agent who leaves before control is released', () => {
    expect(tabs.when(ends(by(mia))).happened).toEqual([
      'sessionEndRequested',
      'agentLeft',
      'controlReleased',
      'endNoteWritten',
      'sessionEnded',
    ]);
  });
});

describe('an end that passes control on', () => {
  it('E-11 to the configured integration; the human is gone', () => {
    const told = tabs.in(toSurvey).when(ends(ann));
    expect([told.status, told.control, told.owner]).toEqual(['ENDING', 'survey', null]);
    expect(told.last('agentLeft')).toMatchObject({ agentId: mia, why: 'ended' });
    expect(told.last('controlPassed')).toMatchObject({
      to: survey.id,
      cause: 'sessionEnd',
      metadata: { sessionId: told.state.session?.id, endedBy: 'end_user', endReason: 'end_user_ended' },
    });
    for (const who of [by(mia), keyOf(workspace)]) expect(told.when(says(who)).refusal).toBe('notInControl');
  });

  it('E-12 nobody else decides that its flow is over', () => {
    for (const who of [keyOf(bot), keyOf(workspace)]) {
      expect(ending.when(releases(who)).refusal).toBe('forbidden');
      expect(ending.when(passes(who, 'desk')).refusal).toBe('controlFailed');
    }
    expect(ending.when(releases(keyOf(survey))).status).toBe('ENDED');
  });

  it('E-13 until then it is not over, and the first end that was asked is the one recorded', () => {
    expect([ending.status, ending.count('sessionEnded')]).toEqual(['ENDING', 0]);
    const talk = ending.given(writes(), says(keyOf(survey)), ends(app));
    expect([talk.status, talk.count('sessionEndRequested')]).toEqual(['ENDING', 1]);
    const over = talk.later(30).when(releases(keyOf(survey)));
    expect(over.count('sessionEnded')).toBe(1);
    expect(over.state.session).toMatchObject({ end: { endedBy: { type: 'end_user' }, reason: 'end_user_ended' } });
  });

  it('T33 its release ends the session, or that of an app key', () => {
    for (const who of [keyOf(survey), app]) {
      const over = ending.later(30).when(releases(who));
      expect(over.happened).toEqual(['controlReleased', 'endNoteWritten', 'sessionEnded']);
      expect(over.state.session).toMatchObject({
        status: 'ENDED',
        end: { requestedAt: ending.world.now },
        postEnd: { forced: false, finishedAt: over.world.now },
      });
    }
  });

  it('T34 the deadline ends it by force, once, never early', () => {
    expect(ending.dueIn('endingDeadline')).toBe(900);
    expect(ending.later(899).when(endingMax(ending)).happened).toEqual([]);
    const over = ending.later(900).when(endingMax(ending));
    expect(over.state.session).toMatchObject({
      status: 'ENDED',
      postEnd: { forced: true },
      end: { reason: 'end_user_ended' },
    });
    expect(over.when(endingMax(ending)).happened).toEqual([]);
  });
});

describe('what cannot go on', () => {
  const passing = { settings: { onEnd: { ...usual.onEnd, system: { mode: 'pass', to: 'survey' } as const } } };

  it.each([
    ['a bot', withBot],
    ['an agent', tabs],
    ['nobody yet', waiting.given(asks(mia))],
    ['a paused agent', states.given(parks(by(mia)))],
  ])('T35 is released and freed, and announced once, without a post-end flow: %s', (_who, told) => {
    const over = told.in(passing).when(ends(app, { reason: 'error' }));
    expect(over.state.session).toMatchObject({ status: 'ERROR', end: { reason: 'error' }, postEnd: null });
    expect([over.control, over.owner, over.offer, over.count('sessionEnded')]).toEqual(['nobody', null, null, 1]);
    expect(over.when(ends(ann)).happened).toEqual([]);
    expect(over.when(says(by(mia))).refusal).toBe('sessionOver');
    expect(over.when(writes()).state.session?.id).not.toBe(over.state.session?.id);
  });
});

describe('a bot that talks to nobody', () => {
  const quiet = Told.of({ settings: { botIdleSeconds: 7200 } }).given(writes());

  it('T36 ends after two hours, counted from the last message of the customer', () => {
    const again = quiet.later(3600).given(writes());
    expect(again.dueIn('botIdle')).toBe(7200);
    expect(again.later(3600).when(fires('botIdle')).status).toBe('ACTIVE');
    expect(again.later(7200).when(fires('botIdle')).state.session).toMatchObject({
      status: 'ENDED',
      end: { endedBy: { type: 'system', via: 'timer' }, reason: 'bot_idle' },
    });
  });

  it('T36 never while a human handles the session', () => {
    const handed = quiet.given(passes(app, 'desk'));
    expect(handed.dueIn('botIdle')).toBeNull();
    expect(handed.later(9000).when(fires('botIdle', quiet)).status).toBe('ACTIVE');
  });

  it('T36 an end user whose visit is over begins anew, unless a human handled it', () => {
    const visit = { settings: { endUserTokenSeconds: 3600 } };
    const back = withBot.in(visit).later(3600).when(writes());
    expect(back.last('sessionEnded')).toMatchObject({ end: { reason: 'token_expired' } });
    expect([back.status, back.count('sessionStarted')]).toEqual(['ACTIVE', 2]);
    expect(withBot.in(visit).later(3599).when(writes()).count('sessionEnded')).toBe(0);
    expect(tabs.in(visit).later(3600).when(writes()).count('sessionEnded')).toBe(0);
  });
});
