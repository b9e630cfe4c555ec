import { describe, expect, it } from '@jest/globals';
import {
  agent,
  ann,
  app,
  bot,
  busyWith,
  by,
  channel,
  humansFirst,
  keyOf,
  mia,
  queue,
  statusBased,
  support,
  tabBased,
} from './floor.spec-kit.js';
import { Told, begins, ends, fires, releases, says, takes, writes } from './told.spec-kit.js';

const hour = 3600;
const sms = channel('sms', 'enhanced');
const statusSms = channel('sms', 'enhanced', { load: statusBased });
const begun = Told.of({ channel: sms }).given(begins(by(mia)));
const consents = (granted: boolean) => ({ type: 'recordConsent', by: ann, granted }) as const;

describe('the business writes first', () => {
  it('T1 the session is NEW, its agent owns it', () => {
    expect([begun.status, begun.owner]).toEqual(['NEW', mia]);
    expect(begun.last('sessionStarted')).toMatchObject({ origin: 'agent_initiated', agentId: mia });
    expect(Told.of({ channel: sms }).given(begins(app)).last('sessionStarted')).toMatchObject({
      origin: 'triggered_outbound',
      agentId: null,
    });
  });

  it('T1 where the channel and the end user allow it, and nothing of theirs is live', () => {
    const refusalOn = (setting: Parameters<typeof Told.of>[0], live = 0) =>
      Told.of(setting).when(begins(by(mia), live)).refusal;
    expect(refusalOn({})).toBe('mayNotStart');
    expect(refusalOn({ channel: sms }, 1)).toBe('sessionIsLive');
    expect(refusalOn({ channel: { ...sms, optIn: 'explicit' } })).toBe('noConsent');
    expect(refusalOn({ channel: sms, agents: [agent(mia, { may: { messagingAgent: false } })] })).toBe(
      'messagingAgentRequired',
    );
    expect(
      Told.of({ channel: sms })
        .given(writes())
        .when(begins(by(mia))).refusal,
    ).toBe('sessionIsLive');
    expect(begun.when(begins(by(mia))).refusal).toBe('sessionIsLive');
  });

  it('K-9 costs nothing: no work is opened before the customer answers', () => {
    const full = agent(mia, { work: [busyWith(tabBased), busyWith(tabBased)] });
    const told = Told.of({ channel: statusSms, agents: [full] }).given(begins(by(mia)));
    expect([told.status, told.count('workOpened')]).toEqual(['NEW', 0]);
    const answered = told.when(writes());
    expect([answered.status, answered.owner]).toEqual(['ACTIVE', mia]);
    expect(answered.last('workOpened')).toMatchObject({ agentId: mia, how: 'answered' });
  });

  it('M-17, T2 status based: whoever began it goes on with the answer', () => {
    const answered = Told.of({ channel: statusSms })
      .given(begins(by(mia)))
      .later(30 * hour)
      .when(writes());
    expect([answered.status, answered.owner, answered.dueIn('noResponse')]).toEqual(['ACTIVE', mia, null]);
  });

  it('T2, K-7 with the check of its queue turned on, an answer that does not fit goes to the queue', () => {
    const full = agent(mia, { work: [busyWith(statusBased), busyWith(statusBased)] });
    const told = Told.of({ channel: statusSms, queues: [queue(support, { checkOnReturn: true })] }).given(
      begins(by(mia)),
    );
    const answered = told.in({ agents: [full] }).when(writes());
    expect([answered.status, answered.owner]).toEqual(['WAITING', null]);
    expect(told.when(writes()).owner).toBe(mia);
  });

  it('M-17, T3 tab based: the answer is routed as new work', () => {
    const answered = begun.later(30 * hour).when(writes());
    expect([answered.status, answered.owner, answered.dueIn('noResponse')]).toEqual(['WAITING', null, null]);
    expect(answered.last('sessionQueued')).toMatchObject({ reason: 'answered', preferred: null });
    const limited = begun.in({ queues: [queue(support, { waitSeconds: 60 })] }).when(writes());
    expect(limited.dueIn('queueWait')).toBe(60);
  });

  it.each([
    ['M-15 standard: not before 24 h, then', 'standard', 24],
    ['M-16 enhanced: not before 48 h, then', 'enhanced', 48],
  ] as const)('%s it ends by itself', (_row, tier, hours) => {
    const told = Told.of({ channel: channel('sms', tier) }).given(begins(by(mia)));
    expect(told.dueIn('noResponse')).toBe(hours * hour);
    expect(told.later(hours * hour - 60).when(fires('noResponse')).status).toBe('NEW');
    expect(told.later(hours * hour).when(fires('noResponse')).state.session).toMatchObject({
      status: 'ENDED',
      end: { endedBy: { type: 'system', via: 'timer' }, reason: 'no_response', stateAtEnd: 'NEW' },
    });
  });

  it('T4 NEW ends without an answer, or when the end user wants none; no post-end flow runs', () => {
    const passing = { onEnd: { ...begun.world.settings.onEnd, system: { mode: 'pass', to: 'survey' } as const } };
    const told = begun.in({ settings: passing });
    expect(told.later(48 * hour).when(fires('noResponse')).status).toBe('ENDED');
    expect(told.when(consents(false)).state.session).toMatchObject({ status: 'ENDED', end: { reason: 'opted_out' } });
  });

  it('M-17 an answer makes the timer that fires late mean nothing', () => {
    const answered = begun.later(30 * hour).given(writes());
    expect(answered.later(48 * hour).when(fires('noResponse', begun)).happened).toEqual([]);
  });
});

describe('the customer writes first', () => {
  it('T5 a bot as default responder gets control, the session is ACTIVE', () => {
    const told = Told.of({ settings: { botIdleSeconds: 7200 } })
      .given(releases(app))
      .when(writes());
    expect([told.status, told.control, told.dueIn('botIdle')]).toEqual(['ACTIVE', 'bot', 7200]);
    expect(told.happened).toEqual(['controlAssigned', 'sessionStarted', 'messageReceived']);
    expect(told.state.session).toMatchObject({ origin: 'inbound', handledBy: ['bot'] });
  });

  it('T6 an agent workspace as default responder: the session waits in its queue', () => {
    const queues = [queue(support, { waitSeconds: 90 })];
    const told = Told.of({ switchboard: humansFirst, queues }).when(writes());
    expect([told.status, told.control, told.owner, told.dueIn('queueWait')]).toEqual([
      'WAITING',
      'workspace',
      null,
      90,
    ]);
    expect(told.last('sessionQueued')).toMatchObject({
      reason: 'started',
      queueId: support,
      requestedAt: told.world.now,
    });
  });

  it('T7 where the channel asks first, nobody is given the session before the answer', () => {
    const asking = Told.of({ switchboard: humansFirst, channel: channel('sms', 'enhanced', { optIn: 'explicit' }) });
    const told = asking.given(releases(app)).when(writes());
    expect([told.status, told.control]).toEqual(['CONSENT', 'nobody']);
    expect(asking.when(writes()).count('sessionQueued')).toBe(0);
    expect(told.happened).toEqual(['sessionStarted', 'consentRequested', 'messageReceived']);
    expect(told.when(writes()).happened).toEqual(['messageReceived']);
  });

  it('T8 once the end user agrees, it goes on as if it began now; they are not asked again', () => {
    const optIn = { channel: channel('sms', 'enhanced', { optIn: 'explicit' as const }) };
    const waits = Told.of({ ...optIn, switchboard: humansFirst }).given(writes(), consents(true));
    expect([waits.status, waits.control]).toEqual(['WAITING', 'workspace']);
    const withBot = Told.of(optIn).given(writes(), consents(true));
    expect([withBot.status, withBot.control]).toEqual(['ACTIVE', 'bot']);
    expect(withBot.given(ends(app)).when(writes()).status).toBe('ACTIVE');
    expect(withBot.when(consents(true)).refusal).toBe('noConsentAsked');
  });

  it('T9 if they do not agree, it is over', () => {
    const asked = Told.of({ channel: channel('sms', 'enhanced', { optIn: 'explicit' }) }).given(writes());
    expect(asked.when(consents(false)).state.session).toMatchObject({
      status: 'ENDED',
      end: { reason: 'opted_out', stateAtEnd: 'CONSENT' },
    });
  });
});

describe('a message after the end', () => {
  const over = () => Told.of({ switchboard: humansFirst }).given(writes(), ...takes(mia), ends(by(mia)));

  it('L-3, T37 days later it opens a new session in the same conversation, and the old one stays over', () => {
    const ended = over();
    const again = ended.later(2 * 24 * hour).when(writes());
    expect([again.status, again.owner]).toEqual(['WAITING', null]);
    expect(again.state.session?.id).not.toBe(ended.state.session?.id);
    expect(again.count('sessionEnded')).toBe(1);
  });

  it('L-3, T37 where conversations do not reopen it is refused, for the business too', () => {
    const closed = over().in({ settings: { disableConversationReopen: true } });
    const ended = Told.of({ settings: { disableConversationReopen: true } }).given(writes(), ends(app));
    expect(closed.when(writes()).refusal).toBeNull();
    for (const command of [writes(), says(app), says(keyOf(bot))]) {
      expect(ended.when(command).refusal).toBe('conversationEnded');
    }
  });

  it('T37 the threading window says until when it joins', () => {
    const window = Told.of({ settings: { reopenWithinSeconds: 3600 } }).given(writes(), ends(app));
    expect(window.later(3599).when(writes()).status).toBe('ACTIVE');
    expect(window.later(3600).when(writes()).refusal).toBe('conversationEnded');
    expect(window.later(3600).when(fires('threadingWindow')).happened).toEqual(['conversationClosed']);
  });
});
