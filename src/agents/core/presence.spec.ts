import { describe, expect, it } from '@jest/globals';
import { Desk, profile, TEN, wid } from './agent.spec-kit.js';
import { mayBeOffered } from './capacity.js';
import type { AgentEvent } from './events.js';

const status = { model: 'status_based' } as const;
const causes = (events: readonly AgentEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'presenceChanged' ? [`${event.status} ${event.cause}`] : []));

describe('the presence of an agent', () => {
  it('M-11 a lost connection waits out its grace before the agent is offline', () => {
    const desk = new Desk();
    desk.accept('S1');
    desk.do({ type: 'loseConnection', connection: 'desk', graceSeconds: 60 });
    expect(desk.agent.presence).toMatchObject({ status: 'online', graceUntil: TEN + 60_000 });
    expect(mayBeOffered(desk.agent)).toBe(false);
    desk.now = TEN + 59_999;
    expect(desk.do({ type: 'graceOver', until: TEN + 60_000 }).departures).toEqual([]);
    desk.now = TEN + 60_000;
    const { departures, events } = desk.do({ type: 'graceOver', until: TEN + 60_000 });
    expect(departures).toMatchObject([{ workItemId: 'S1', what: 'detach' }]);
    expect(causes(events)).toEqual(['offline grace_over']);
  });

  it('M-11 a connection that comes back in time, again and again, changes nothing', () => {
    const desk = new Desk();
    desk.accept('S1');
    for (let i = 0; i < 3; i++) {
      desk.now += 10_000;
      desk.do({ type: 'loseConnection', connection: 'desk', graceSeconds: 60 });
      desk.do({ type: 'loseConnection', connection: 'desk', graceSeconds: 60 });
      desk.now += 50_000;
      desk.do({ type: 'regainConnection', connection: 'desk' });
    }
    desk.now += 3_600_000;
    expect(desk.do({ type: 'graceOver', until: TEN + 70_000 }).events).toEqual([]);
    expect(mayBeOffered(desk.agent)).toBe(true);
    expect(desk.primary).toBe('2/4');
  });

  it('M-11 logging in at another desk puts the first one offline, with its work', () => {
    const desk = new Desk();
    desk.accept('S1');
    const { departures, events } = desk.do({ type: 'login', connection: 'home', status: 'away' });
    expect(departures).toMatchObject([{ workItemId: 'S1', what: 'detach' }]);
    expect(causes(events)).toEqual(['offline duplicate_login', 'away login']);
    expect(desk.do({ type: 'regainConnection', connection: 'desk' }).refusal).toEqual({ reason: 'connectionReplaced' });
    desk.do({ type: 'loseConnection', connection: 'desk', graceSeconds: 60 });
    expect(desk.agent.presence).toMatchObject({ status: 'away', connection: 'home', graceUntil: null });
  });

  it('M-11 logging in twice from one desk is one login', () => {
    const desk = new Desk();
    desk.accept('S1');
    expect(desk.do({ type: 'login', connection: 'desk', status: 'online' })).toMatchObject({
      events: [],
      departures: [],
    });
  });

  it('back at the same desk after the grace, the agent logs in anew', () => {
    const desk = new Desk();
    desk.do({ type: 'loseConnection', connection: 'desk', graceSeconds: 60 });
    desk.now = TEN + 60_000;
    desk.do({ type: 'graceOver', until: TEN + 60_000 });
    const { departures, events } = desk.do({ type: 'login', connection: 'desk', status: 'online' });
    expect(departures).toEqual([]);
    expect(causes(events)).toEqual(['online login']);
  });

  it('M-14 logging out with ongoing sessions asks first, and changes nothing until it is confirmed', () => {
    const desk = new Desk();
    desk.accept('S1');
    desk.accept('S2', status);
    const before = desk.agent;
    const asked = desk.do({ type: 'logout', confirmed: false, endsSessions: 'always' });
    expect(asked.refusal).toMatchObject({ reason: 'ongoingSessions', work: [{ id: 'S1' }, { id: 'S2' }] });
    expect(desk.agent).toBe(before);
    const { departures, events } = desk.do({ type: 'logout', confirmed: true, endsSessions: 'always' });
    expect(departures).toMatchObject([
      { workItemId: 'S1', what: 'end' },
      { workItemId: 'S2', what: 'end' },
    ]);
    expect(causes(events)).toEqual(['offline logout']);
    expect(desk.agent.presence).toMatchObject({ loggedIn: false, connection: null });
  });

  it.each([
    ['always', ['end', 'end', 'detach']],
    ['tab_based_only', ['end', 'detach']],
    ['never', ['detach', 'detach']],
  ] as const)('T32 D2 logging out ends sessions %s', (endsSessions, what) => {
    const desk = new Desk({ primary: 8 });
    desk.accept('tab');
    desk.accept('status', status);
    desk.offer('offer', status);
    const { departures } = desk.do({ type: 'logout', confirmed: true, endsSessions });
    expect(departures.map((departure) => departure.what)).toEqual(what);
  });

  it.each([
    ['always', ['ended', 'ended']],
    ['tab_based_only', ['ended', 'unchanged']],
    ['never', ['waiting', 'unchanged']],
  ] as const)(
    'M-14 D2 what it asks about says what becomes of each, where logging out ends sessions %s',
    (endsSessions, becomes) => {
      const desk = new Desk({ primary: 8 });
      desk.accept('tab');
      desk.accept('status', status);
      desk.offer('offer', status);
      const { refusal } = desk.do({ type: 'logout', confirmed: false, endsSessions });
      expect(refusal).toMatchObject({ work: becomes.map((one) => ({ becomes: one })) });
    },
  );

  it('M-14 logging out with nothing ongoing needs no confirmation, and a second time is a repeat', () => {
    const desk = new Desk();
    const logout = { type: 'logout', confirmed: false, endsSessions: 'always' } as const;
    expect(causes(desk.do(logout).events)).toEqual(['offline logout']);
    expect(desk.do(logout)).toMatchObject({ refusal: null, events: [] });
  });

  it('busy and away keep what they have and are offered nothing', () => {
    const desk = new Desk();
    desk.offer('S1');
    expect(desk.do({ type: 'setStatus', status: 'busy', cause: 'chosen' }).departures).toEqual([]);
    expect(mayBeOffered(desk.agent)).toBe(false);
    expect(desk.primary).toBe('2/4');
  });

  it('T12 an offer does not wait for who is offline, under either model', () => {
    const desk = new Desk();
    desk.offer('S1', status);
    const { departures } = desk.do({ type: 'setStatus', status: 'offline', cause: 'chosen' });
    expect(departures).toMatchObject([{ workItemId: 'S1', what: 'detach' }]);
  });

  it('a change of presence ends work after a conversation (docs/rules.md 2.4)', () => {
    const desk = new Desk();
    desk.accept('S1', { ...status, afterWork: { seconds: 120, extensionSeconds: 60, mostExtensions: 1 } });
    desk.end('S1');
    expect(desk.primary).toBe('2/4');
    desk.do({ type: 'setStatus', status: 'away', cause: 'chosen' });
    expect(desk.primary).toBe('0/4');
  });

  it('M-11 who is let go leaves the sessions they were given, logged in or not', () => {
    const desk = new Desk();
    desk.do({ type: 'logout', confirmed: true, endsSessions: 'always' });
    desk.assign('by hand');
    const { departures, events } = desk.do({ type: 'setProfile', profile: { ...profile(), active: false } });
    expect(departures).toMatchObject([{ workItemId: 'by hand', what: 'detach' }]);
    expect(causes(events)).toEqual([]);
    expect(desk.do({ type: 'setProfile', profile: { ...profile(), active: false } }).departures).toEqual([]);
  });

  it('who is not there has no presence to set, and who is gone does not come back', () => {
    const desk = new Desk();
    desk.do({ type: 'setProfile', profile: { ...profile(), active: false } });
    expect(causes(desk.events)).toEqual(['online login', 'offline deactivated']);
    expect(desk.do({ type: 'login', connection: 'desk', status: 'online' }).refusal).toEqual({
      reason: 'agentInactive',
    });
    const busy = desk.do({ type: 'setStatus', status: 'busy', cause: 'chosen' });
    expect(busy.refusal).toEqual({ reason: 'notLoggedIn' });
  });
});

describe('the tabs of an agent', () => {
  it('L-4 the end leaves the tab open, and notes can still be saved', () => {
    const desk = new Desk();
    desk.accept('S1');
    desk.end('S1');
    expect(desk.agent.work).toMatchObject([{ id: 'S1', status: 'over', tabOpen: true }]);
    expect(desk.do({ type: 'saveNotes', workItemId: wid('S1') }).refusal).toBeNull();
  });

  it('T22 no tab of a live tab-based session closes silently', () => {
    const desk = new Desk();
    desk.accept('S1');
    expect(desk.close('S1').refusal).toEqual({ reason: 'choiceRequired' });
    expect(desk.agent.work).toMatchObject([{ tabOpen: true }]);
  });

  it('T23 under status-based the tab goes out of sight and the session stays', () => {
    const desk = new Desk();
    desk.accept('S1', status);
    expect(desk.close('S1')).toMatchObject({ refusal: null, events: [] });
    expect(desk.agent.work).toMatchObject([{ status: 'open', tabOpen: false }]);
    desk.end('S1');
    expect(desk.agent.work).toEqual([]);
  });

  it('L-5 closing a tab twice closes it once', () => {
    const desk = new Desk();
    desk.accept('S1');
    desk.end('S1');
    expect(desk.close('S1').events.map(({ type }) => type)).toEqual(['workItemClosed', 'capacityChanged']);
    expect(desk.close('S1')).toMatchObject({ refusal: { reason: 'workItemNotFound' }, events: [] });
  });

  it('an offer has no tab', () => {
    const desk = new Desk();
    desk.offer('S1');
    expect(desk.close('S1').refusal).toEqual({ reason: 'notOpen' });
  });

  it('closing the tab ends work after a conversation', () => {
    const desk = new Desk();
    desk.accept('S1', { afterWork: { seconds: 120, extensionSeconds: 60, mostExtensions: 1 } });
    desk.end('S1');
    desk.close('S1');
    expect(desk.primary).toBe('0/4');
  });
});
