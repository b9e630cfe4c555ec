import { describe, expect, it } from '@jest/globals';
import {
  agent,
  app,
  ben,
  bot,
  busyWith,
  by,
  channel,
  desk,
  keyOf,
  mia,
  queue,
  statusBased,
  support,
} from './floor.spec-kit.js';
import {
  Told,
  begins,
  closesTab,
  fires,
  handledBy,
  parks,
  passes,
  says,
  takes,
  whenDue,
  writes,
} from './told.spec-kit.js';

const day = 86_400;
const tabs = handledBy(mia);
const states = handledBy(mia, { channel: channel('web_widget', 'enhanced', { load: statusBased }) });
const sms = channel('sms', 'enhanced');

describe('marking a session inactive', () => {
  it('I-1, T20 tab based: the work is closed, nobody owns the session any more', () => {
    const parked = tabs.when(parks(by(mia)));
    expect([parked.status, parked.owner]).toEqual(['INACTIVE', null]);
    expect(parked.last('agentLeft')).toMatchObject({ agentId: mia, why: 'inactive' });
    expect(parked.last('sessionInactivated')).toMatchObject({ inactivatedBy: { type: 'agent', id: mia }, owner: null });
  });

  it('I-1, T20 status based: the work is paused, the owner stays', () => {
    const parked = states.when(parks(by(mia)));
    expect([parked.status, parked.owner]).toEqual(['INACTIVE', mia]);
    expect(parked.happened).toEqual(['sessionInactivated']);
  });

  it.each(['in_app', 'web_widget', 'whatsapp', 'facebook', 'sms', 'apple', 'line', 'byoc'] as const)(
    'I-2 enhanced channels know it: %s',
    (kind) => {
      expect(handledBy(mia, { channel: channel(kind) }).when(parks(by(mia))).status).toBe('INACTIVE');
    },
  );

  it.each(['facebook', 'sms'] as const)('I-3 standard channels do not: %s', (kind) => {
    const refused = handledBy(mia, { channel: channel(kind, 'standard') }).when(parks(by(mia)));
    expect([refused.refusal, refused.status]).toEqual(['inactivateNotSupported', 'ACTIVE']);
  });

  it('I-4 asks for the permission to work here, and for ownership', () => {
    const without = (may: object) => tabs.in({ agents: [agent(mia, { may })] }).when(parks(by(mia))).refusal;
    expect(without({ chat: false })).toBe('chatNotEnabled');
    expect(without({ chatRep: false })).toBe('chatRepRequired');
    const texted = handledBy(mia, { channel: sms, agents: [agent(mia, { may: { chat: false, chatRep: false } })] });
    expect(texted.when(parks(by(mia))).refusal).toBeNull();
    expect(texted.in({ agents: [agent(mia, { may: { messagingAgent: false } })] }).when(parks(by(mia))).refusal).toBe(
      'messagingAgentRequired',
    );
    expect(tabs.when(parks(by(ben))).refusal).toBe('notOwner');
  });

  it('I-5 an admin may hide it from agents; timers and partners go on', () => {
    const limit = channel('web_widget', 'enhanced', { customerInactivitySeconds: 300 });
    const hidden = tabs.in({ agents: [agent(mia, { hideCustomerInactive: true })], channel: limit });
    expect(hidden.when(parks(by(mia))).refusal).toBe('hiddenByAdmin');
    expect(hidden.when(parks(app)).status).toBe('INACTIVE');
    expect(whenDue(hidden.given(says(by(mia))), 'customerInactivity').status).toBe('INACTIVE');
  });

  it('I-5 the layout of the app hides it from all agents but those of whom something else is said', () => {
    const hides = { settings: { agentLayout: { sessionPanel: true, hideCustomerInactive: true } } };
    expect(tabs.in(hides).when(parks(by(mia))).refusal).toBe('hiddenByAdmin');
    const shown = { ...hides, agents: [agent(mia, { hideCustomerInactive: false })] };
    expect(tabs.in(shown).when(parks(by(mia))).status).toBe('INACTIVE');
  });

  it('only active sessions that a human handles', () => {
    expect(tabs.given(parks(by(mia))).when(parks(by(mia))).refusal).toBe('noAgentHasIt');
    expect(Told.of().given(writes()).when(parks(app)).refusal).toBe('noAgentHasIt');
    expect(
      Told.of()
        .given(writes(), passes(app, 'desk'))
        .when(parks(keyOf(desk))).status,
    ).toBe('INACTIVE');
  });
});

describe('the customer is back', () => {
  it('I-7, T24 tab based: routed to anybody, the former agent has no right of their own', () => {
    const back = tabs.given(parks(by(mia)), writes());
    expect([back.status, back.owner, back.offer]).toEqual(['WAITING', null, null]);
    expect(back.last('sessionQueued')).toMatchObject({ reason: 'reactivated', preferred: null, queueId: support });
    expect(back.dueIn('inactiveEnd')).toBeNull();
    expect(back.given(...takes(ben)).owner).toBe(ben);
  });

  it('I-8, T25 status based: with the same agent, over the limit if need be', () => {
    const full = agent(mia, { work: [busyWith(statusBased), busyWith(statusBased)] });
    const back = states
      .given(parks(by(mia)))
      .in({ agents: [full] })
      .when(writes());
    expect([back.status, back.owner, back.happened]).toEqual([
      'ACTIVE',
      mia,
      ['sessionReactivated', 'messageReceived'],
    ]);
    expect(back.dueIn('inactiveEnd')).toBeNull();
  });

  it('K-7 with the check turned on, work that does not fit goes to the queue', () => {
    const checked = { queues: [queue(support, { checkOnReturn: true })] };
    const full = agent(mia, { work: [busyWith(statusBased), busyWith(statusBased)] });
    const back = states
      .given(parks(by(mia)))
      .in({ ...checked, agents: [full] })
      .when(writes());
    expect([back.status, back.owner]).toEqual(['WAITING', null]);
    expect(
      states
        .given(parks(by(mia)))
        .in(checked)
        .when(writes()).owner,
    ).toBe(mia);
  });

  it('I-12 nobody on the human side writes into an inactive session', () => {
    const parked = tabs.given(parks(by(mia)));
    expect(parked.when(says(by(mia))).refusal).toBe('sessionInactive');
    const desks = Told.of().given(writes(), passes(app, 'desk'), parks(keyOf(desk)));
    expect(desks.when(says(keyOf(desk))).refusal).toBe('sessionInactive');
  });

  it('I-12 where the channel lets them begin, a new session takes its place', () => {
    const parked = handledBy(mia, { channel: sms }).given(parks(by(mia)));
    const anew = parked.given(begins(by(mia), 1));
    expect([anew.status, anew.count('sessionEnded')]).toEqual(['NEW', 1]);
    expect(anew.state.session?.id).not.toBe(parked.state.session?.id);
    expect(anew.last('sessionEnded')?.end).toMatchObject({
      endedBy: { type: 'agent', id: mia, via: 'window' },
      reason: 'agent_ended',
      stateAtEnd: 'INACTIVE',
    });
    const byApp = parked.given(begins(app, 1));
    expect(byApp.last('sessionEnded')?.end).toMatchObject({
      endedBy: { type: 'system', id: app.type === 'app' ? app.keyId : null, via: 'automation' },
      reason: 'automation',
    });
    expect(tabs.given(parks(by(mia))).when(begins(by(mia), 1)).refusal).toBe('mayNotStart');
  });
});

describe('too long inactive', () => {
  it.each([
    ['tab based', tabs],
    ['status based', states],
  ])('I-9, T26 ends after a day, by the system: %s', (_model, told) => {
    const parked = told.given(parks(by(mia)));
    expect(parked.dueIn('inactiveEnd')).toBe(day);
    expect(parked.later(day - 1).when(fires('inactiveEnd')).status).toBe('INACTIVE');
    const over = parked.later(day).when(fires('inactiveEnd'));
    expect(over.state.session).toMatchObject({
      status: 'ENDED',
      end: { endedBy: { type: 'system', via: 'timer' }, reason: 'inactive_expired', stateAtEnd: 'INACTIVE' },
    });
  });

  it('I-9 each stay counts anew, and the timer of an earlier one means nothing', () => {
    const first = states.given(parks(by(mia)));
    const second = first.later(23 * 3600).given(writes(), parks(by(mia)));
    expect(second.dueIn('inactiveEnd')).toBe(day);
    expect(second.later(2 * 3600).when(fires('inactiveEnd', first)).happened).toEqual([]);
    expect(second.later(day).when(fires('inactiveEnd', first)).happened).toEqual([]);
    expect(second.later(day).when(fires('inactiveEnd')).status).toBe('ENDED');
  });
});

describe('the silence of the customer', () => {
  const limit = channel('web_widget', 'enhanced', { customerInactivitySeconds: 300 });
  const ten = handledBy(mia, { channel: limit });
  const at = (told: Told, minute: number) => told.in({}, ten.world.now + minute * 60_000);

  it("I-10, T21 counts from the agent's first answer; later ones do not move it", () => {
    expect(ten.dueIn('customerInactivity')).toBeNull();
    const answered = at(at(ten, 1).given(says(by(mia))), 4).given(says(by(mia)));
    expect(answered.dueIn('customerInactivity')).toBe(120);
    expect(at(answered, 5.99).when(fires('customerInactivity')).status).toBe('ACTIVE');
    const parked = at(answered, 6).when(fires('customerInactivity'));
    expect(parked.state.session).toMatchObject({ status: 'INACTIVE', since: ten.world.now + 6 * 60_000 });
    expect(parked.last('sessionInactivated')).toMatchObject({ inactivatedBy: { type: 'system', via: 'timer' } });
  });

  it('I-10 a message of the customer stops it', () => {
    const answered = at(ten, 1).given(says(by(mia)));
    const back = at(answered, 5).given(writes());
    expect(back.dueIn('customerInactivity')).toBeNull();
    expect(at(back, 6).when(fires('customerInactivity', answered)).status).toBe('ACTIVE');
  });

  it.each(['web_widget', 'in_app', 'byoc'] as const)('I-10 on %s', (kind) => {
    const told = handledBy(mia, { channel: channel(kind, 'enhanced', { customerInactivitySeconds: 300 }) });
    expect(told.given(says(by(mia))).dueIn('customerInactivity')).toBe(300);
  });

  it('I-10 only while a human handles the session, and off unless it is set', () => {
    expect(
      Told.of({ channel: limit })
        .given(writes(), says(keyOf(bot)))
        .dueIn('customerInactivity'),
    ).toBeNull();
    expect(tabs.given(says(by(mia))).dueIn('customerInactivity')).toBeNull();
    const texted = channel('whatsapp', 'enhanced', { customerInactivitySeconds: 300 });
    expect(
      handledBy(mia, { channel: texted })
        .given(says(by(mia)))
        .dueIn('customerInactivity'),
    ).toBeNull();
  });

  it('X-11 five minutes of silence park it at 10:06, a day later it is over', () => {
    const answered = at(at(ten, 1).given(says(by(mia))), 4).given(says(by(mia)));
    const parked = at(answered, 6).when(fires('customerInactivity'));
    expect(parked.status).toBe('INACTIVE');
    expect(parked.dueIn('inactiveEnd')).toBe(day);
    expect(parked.later(day).when(fires('inactiveEnd')).state.session).toMatchObject({
      status: 'ENDED',
      endedAt: ten.world.now + (6 * 60 + day) * 1000,
    });
  });
});

describe('the tab of a live session', () => {
  it('T22 tab based: its agent says what becomes of the session', () => {
    expect(tabs.when(closesTab(mia, null)).refusal).toBe('choiceRequired');
    expect(tabs.when(closesTab(mia, 'inactivate')).status).toBe('INACTIVE');
    const over = tabs.when(closesTab(mia, 'end'));
    expect(over.state.session).toMatchObject({ status: 'ENDED', end: { endedBy: { type: 'agent', id: mia } } });
    expect(over.last('agentLeft')).toMatchObject({ why: 'tab_closed' });
  });

  it('T22 the same guards hold as for the buttons', () => {
    const off = tabs.in({ settings: { agentsCanEnd: false }, agents: [agent(mia, { hideCustomerInactive: true })] });
    expect(off.when(closesTab(mia, 'end')).refusal).toBe('agentEndDisabled');
    expect(off.when(closesTab(mia, 'inactivate')).refusal).toBe('hiddenByAdmin');
  });

  it('T23 status based: it means nothing to the session', () => {
    for (const choice of [null, 'end', 'inactivate'] as const) {
      const closed = states.when(closesTab(mia, choice));
      expect([closed.refusal, closed.happened, closed.status, closed.owner]).toEqual([null, [], 'ACTIVE', mia]);
    }
  });
});
