import { describe, expect, it } from '@jest/globals';
import type { ChannelKind, ChannelTier } from '../index.js';
import {
  agent,
  app,
  ben,
  bot,
  by,
  channel,
  desk,
  humansFirst,
  keyOf,
  mia,
  statusBased,
  survey,
} from './floor.spec-kit.js';
import { Told, ends, goesOffline, handledBy, parks, passes, says, writes } from './told.spec-kit.js';

const kinds: readonly [ChannelKind, ChannelTier][] = [
  ['web_widget', 'enhanced'],
  ['in_app', 'enhanced'],
  ['byoc', 'enhanced'],
  ['whatsapp', 'enhanced'],
  ['apple', 'enhanced'],
  ['line', 'enhanced'],
  ['facebook', 'enhanced'],
  ['sms', 'enhanced'],
  ['facebook', 'standard'],
  ['sms', 'standard'],
];
const sms = channel('sms', 'standard');
const held = handledBy(mia);
const supervisor = agent(ben, { may: { endAny: true } });
const yesNo = [true, false];

const hidden = { sessionPanel: false, hideCustomerInactive: true };

describe('from the conversation window', () => {
  it('L-1, A-1, T27 the agent who handles the session ends it', () => {
    const over = held.when(ends(by(mia)));
    expect(over.state.session).toMatchObject({
      status: 'ENDED',
      end: { endedBy: { type: 'agent', id: mia, via: 'window' }, reason: 'agent_ended', ownerAtEnd: mia },
    });
  });

  it.each([
    ['chat is off in the app', { settings: { chatEnabled: false } }],
    ['the agent has no licence for it', { agents: [agent(mia, { may: { chat: false } })] }],
    ['their workspace does not show it', { agents: [agent(mia, { sessionPanel: false })] }],
    ['no workspace of the app shows it', { settings: { agentLayout: hidden } }],
  ])('L-2 not without what it needs: %s', (_why, setting) => {
    const refused = held.in(setting).when(ends(by(mia)));
    expect(refused.refusal).toBe('chatNotEnabled');
    expect(refused.status).toBe('ACTIVE');
  });

  it('L-2 the layout of the app holds, but for agents of whom something else is said', () => {
    const except = (sessionPanel: boolean) => ({
      settings: { agentLayout: hidden },
      agents: [agent(mia, { sessionPanel })],
    });
    expect(held.in(except(true)).when(ends(by(mia))).status).toBe('ENDED');
    expect(held.in(except(false)).when(ends(by(mia))).refusal).toBe('chatNotEnabled');
  });

  it.each(kinds)('M-2 on every kind of channel: %s, %s', (kind, tier) => {
    const over = handledBy(mia, { channel: channel(kind, tier) }).when(ends(by(mia)));
    expect(over.state.session).toMatchObject({ status: 'ENDED', end: { endedBy: { type: 'agent' } } });
  });

  it('M-3 chat asks for licence, permission and ownership, each with a refusal of its own', () => {
    for (const chat of yesNo) {
      for (const chatRep of yesNo) {
        for (const owner of yesNo) {
          const may = { chat, chatRep, messagingAgent: false };
          const told = held
            .in({ agents: [agent(mia, { may }), agent(ben, { may })] })
            .when(ends(by(owner ? mia : ben)));
          const refusal = chat ? (chatRep ? (owner ? null : 'notOwner') : 'chatRepRequired') : 'chatNotEnabled';
          expect([chat, chatRep, owner, told.refusal]).toEqual([chat, chatRep, owner, refusal]);
        }
      }
    }
  });

  it('M-4 messaging asks for its permission and ownership, and for no licence', () => {
    const texted = handledBy(mia, { channel: sms });
    for (const messagingAgent of yesNo) {
      for (const owner of yesNo) {
        const may = { chat: false, chatRep: false, messagingAgent };
        const told = texted
          .in({ agents: [agent(mia, { may }), agent(ben, { may })] })
          .when(ends(by(owner ? mia : ben)));
        const refusal = messagingAgent ? (owner ? null : 'notOwner') : 'messagingAgentRequired';
        expect([messagingAgent, owner, told.refusal]).toEqual([messagingAgent, owner, refusal]);
      }
    }
  });

  it('M-6 only an active session: not one that waits, nor one that is parked', () => {
    const waiting = Told.of({ switchboard: humansFirst }).given(writes());
    const offline = held.given(goesOffline(mia));
    const parked = held.given(parks(by(mia)));
    const paused = handledBy(mia, { channel: channel('web_widget', 'enhanced', { load: statusBased }) }).given(
      parks(by(mia)),
    );
    expect([waiting, offline, parked, paused].map(({ status }) => status)).toEqual([
      'WAITING',
      'WAITING',
      'INACTIVE',
      'INACTIVE',
    ]);
    for (const told of [waiting, offline, parked, paused]) {
      expect(told.when(ends(by(mia))).refusal).toBe('notActive');
    }
  });

  it('A-7 not while agents may not end; else at any age, from window and list', () => {
    expect(held.when(ends(by(mia))).status).toBe('ENDED');
    const off = held.in({ settings: { agentsCanEnd: false }, agents: [agent(mia, { may: { endAny: true } })] });
    expect(off.when(ends(by(mia))).refusal).toBe('agentEndDisabled');
    expect(off.when(ends(by(mia), { list: 'bulk' })).refusal).toBe('agentEndDisabled');
  });

  it('after the end they hear that the session is over; in a conversation that reopens it is not the fence that says so', () => {
    const over = held.in({ settings: { disableConversationReopen: false } }).given(ends(by(mia)));
    expect([over.status, over.state.lifecycle, over.control]).toEqual(['ENDED', 'open', 'nobody']);
    expect(over.when(says(by(mia))).refusal).toBe('sessionOver');
    expect(over.when(says(by(mia))).happened).toEqual([]);
    const closed = held.in({ settings: { disableConversationReopen: true } }).given(ends(by(mia)));
    expect(closed.when(says(by(mia))).refusal).toBe('conversationEnded');
    expect(over.when(says(keyOf(desk))).decision.answer).toMatchObject({
      refusal: { reason: 'notInControl', holder: null, because: 'sessionOver' },
    });
    expect(held.when(says(by(ben))).decision.answer).toMatchObject({
      refusal: { reason: 'notInControl', holder: { name: 'workspace' }, because: 'otherAgent' },
    });
  });

  it('A-8 turning it off leaves a running session as it is', () => {
    const off = held.in({ settings: { agentsCanEnd: false } }).when(ends(by(mia)));
    expect([off.refusal, off.status, off.owner, off.happened]).toEqual(['agentEndDisabled', 'ACTIVE', mia, []]);
    expect(off.in({ settings: { agentsCanEnd: true } }).when(ends(by(mia))).status).toBe('ENDED');
  });
});

describe('from a list', () => {
  it('M-1, T28 an end says whether it came from window or list', () => {
    const listed = held.in({ agents: [supervisor] }).when(ends(by(ben), { list: 'bulk' }));
    expect(listed.state.session).toMatchObject({
      status: 'ENDED',
      end: { endedBy: { type: 'agent', id: ben, via: 'list' } },
    });
    expect(held.when(ends(by(mia))).state.session).toMatchObject({ end: { endedBy: { via: 'window' } } });
  });

  it('M-5 the permission is what counts, not ownership', () => {
    expect(held.in({ agents: [supervisor] }).when(ends(by(ben), { list: 'bulk' })).refusal).toBeNull();
    expect(held.when(ends(by(mia), { list: 'bulk' })).refusal).toBe('endAnyRequired');
  });

  it('M-9 the menu of one row is for standard channels; D1 several at once are for both', () => {
    const setting = { agents: [supervisor] };
    const enhanced = channel('sms', 'enhanced');
    expect(handledBy(mia, { channel: sms, ...setting }).when(ends(by(ben), { list: 'row' })).status).toBe('ENDED');
    const refused = handledBy(mia, { channel: enhanced, ...setting }).when(ends(by(ben), { list: 'row' }));
    expect([refused.refusal, refused.status]).toEqual(['rowEndStandardOnly', 'ACTIVE']);
    expect(handledBy(mia, { channel: enhanced, ...setting }).when(ends(by(ben), { list: 'bulk' })).status).toBe(
      'ENDED',
    );
  });

  it.each(['row', 'bulk'] as const)('M-13 status based: a parked session is not ended from a list (%s)', (list) => {
    const parkedIn = (model: 'tab_based' | 'status_based') => {
      const load = { ...statusBased, model };
      const can = { ...sms.can, inactivate: true };
      return handledBy(mia, { channel: { ...sms, can, load }, agents: [supervisor] }).given(parks(by(mia)));
    };
    const paused = parkedIn('status_based');
    expect(paused.when(ends(by(ben), { list })).refusal).toBe('inactiveStatusBased');
    expect(paused.when(ends(app, { list })).refusal).toBe('inactiveStatusBased');
    expect(parkedIn('tab_based').when(ends(by(ben), { list })).status).toBe('ENDED');
    expect(paused.in({ settings: { allowEndInactive: true } }).when(ends(by(ben), { list })).status).toBe('ENDED');
  });
});

describe('by others', () => {
  const withBot = Told.of().given(writes());

  it('T30 the bot ends what it holds, and nothing else', () => {
    expect(withBot.when(ends(keyOf(bot))).state.session).toMatchObject({
      status: 'ENDED',
      end: { endedBy: { type: 'bot', id: bot.id }, reason: 'bot_completed' },
    });
    expect(withBot.when(ends(keyOf(survey))).refusal).toBe('notTheHolder');
  });

  it('T31 an app key or a flow ends for the system; a partner says whether the end user did', () => {
    for (const told of [withBot, held]) {
      expect(told.when(ends(app)).state.session).toMatchObject({
        status: 'ENDED',
        end: { endedBy: { type: 'system', via: 'api' }, reason: 'automation' },
      });
      expect(told.when(ends(app, { actingFor: 'end_user' })).state.session).toMatchObject({
        end: { endedBy: { type: 'end_user' }, reason: 'end_user_ended' },
      });
    }
  });

  it('A-7 holds for a desk that is an integration too, and not for bots', () => {
    const off = withBot.in({ settings: { agentsCanEnd: false } });
    expect(off.given(passes(app, 'desk')).when(ends(keyOf(desk))).refusal).toBe('agentEndDisabled');
    expect(off.when(ends(keyOf(bot))).refusal).toBeNull();
  });
});
