import { describe, expect, it } from '@jest/globals';
import type { QueueId } from '../../../kernel/index.js';
import type { Actor } from '../index.js';
import {
  agent,
  ann,
  app,
  ben,
  billing,
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
  workspace,
} from './floor.spec-kit.js';
import {
  Told,
  accepts,
  asks,
  declines,
  ends,
  fires,
  goesOffline,
  handledBy,
  offersControl,
  parks,
  passes,
  says,
  takes,
  writes,
} from './told.spec-kit.js';

const waiting = Told.of({ switchboard: humansFirst }).given(writes());
const withBot = Told.of().given(writes());
const states = handledBy(mia, { channel: channel('web_widget', 'enhanced', { load: statusBased }) });
const tabs = handledBy(mia);

describe('to a human', () => {
  it('T10 a bot passes on: the session waits, and both kinds have handled it in the end', () => {
    const limited = withBot.in({ settings: { botIdleSeconds: 600 }, queues: [queue(support, { waitSeconds: 60 })] });
    const told = limited.when(passes(keyOf(bot), 'workspace'));
    expect([told.status, told.control]).toEqual(['WAITING', 'workspace']);
    expect([told.dueIn('botIdle'), told.dueIn('queueWait')]).toEqual([null, 60]);
    expect(told.given(...takes(mia)).state.session).toMatchObject({ handledBy: ['bot', 'agent'] });
  });

  it('T10 a bot offers: it keeps control until an agent accepts', () => {
    const told = withBot.when(offersControl(keyOf(bot), 'workspace'));
    expect([told.status, told.control]).toEqual(['WAITING', 'bot > workspace']);
    expect(told.when(says(keyOf(bot))).refusal).toBeNull();
    const taken = told.given(...takes(mia));
    expect([taken.status, taken.control, taken.owner]).toEqual(['ACTIVE', 'workspace', mia]);
    expect(taken.when(says(keyOf(bot))).refusal).toBe('notInControl');
  });

  it('T10b an escalation that fails leaves the bot in control and says so', () => {
    for (const target of ['nobody', 'next']) {
      const told = withBot.when(passes(keyOf(bot), target));
      expect([told.refusal, told.status, told.control]).toEqual(['controlFailed', 'ACTIVE', 'bot']);
      expect(told.decision.events).toMatchObject([{ type: 'controlFailed', action: 'pass' }]);
    }
  });

  it('T11 the agent who is asked accepts: owner, participant, no more waiting', () => {
    const limited = waiting
      .in({ queues: [queue(support, { waitSeconds: 60 })] })
      .given(asks(mia))
      .later(5);
    expect([limited.dueIn('queueWait'), limited.dueIn('pushTimeout')]).toEqual([55, 25]);
    const taken = limited.when(accepts(mia));
    expect([taken.status, taken.owner, taken.offer]).toEqual(['ACTIVE', mia, null]);
    expect([taken.dueIn('queueWait'), taken.dueIn('pushTimeout')]).toEqual([null, null]);
    expect(taken.state.session).toMatchObject({
      acceptedAt: taken.world.now,
      human: { participants: [{ agentId: mia, role: 'agent', leftAt: null }] },
    });
    expect(taken.when(says(by(mia))).refusal).toBeNull();
  });

  it('T11 nobody else accepts it, and nobody after the deadline or twice', () => {
    const asked = waiting.given(asks(mia));
    expect(asked.when(accepts(ben)).refusal).toBe('notYourOffer');
    const late = asked.later(30).when(accepts(mia));
    expect([late.refusal, late.status, late.offer]).toEqual(['offerGone', 'WAITING', null]);
    expect(waiting.when(accepts(mia)).refusal).toBe('offerGone');
  });

  it('K-3 an offer needs room, and one agent is asked at a time', () => {
    const full = agent(mia, { work: [busyWith(tabBased), busyWith(tabBased)] });
    expect(waiting.in({ agents: [full] }).when(asks(mia)).refusal).toBe('noCapacity');
    expect(waiting.in({ agents: [agent(mia, { presence: { status: 'busy' } })] }).when(asks(mia)).refusal).toBe(
      'agentNotAvailable',
    );
    expect(waiting.given(asks(mia)).when(asks(ben)).refusal).toBe('notWaiting');
  });

  it('T12 declined, too slow or gone: the next one is asked, in the same place in line', () => {
    const asked = waiting.later(3).given(asks(mia));
    const requestedAt = waiting.world.now;
    const over = {
      declined: asked.when(declines(mia)),
      timed_out: asked.later(30).when(fires('pushTimeout')),
      unavailable: asked.when(goesOffline(mia)),
    };
    for (const [why, told] of Object.entries(over)) {
      expect([told.status, told.offer, told.refusal]).toEqual(['WAITING', null, null]);
      expect(told.last('workDeclined')).toMatchObject({ agentId: mia, why });
      expect(told.state.session).toMatchObject({ human: { requestedAt }, waiting: { tried: [mia] } });
      expect(told.given(asks(ben)).offer?.agentId).toBe(ben);
    }
    expect(asked.later(29).when(fires('pushTimeout')).offer?.agentId).toBe(mia);
  });

  it('T12 once everybody declined, everybody may be asked again', () => {
    const all = waiting.given(asks(mia), declines(mia), asks(ben), declines(ben));
    expect(all.state.session).toMatchObject({ waiting: { tried: [mia, ben] } });
    const again = all.given(asks(mia));
    expect(again.offer?.agentId).toBe(mia);
    expect(again.given(declines(mia)).state.session).toMatchObject({ waiting: { tried: [mia] } });
  });
});

describe('too long in the queue', () => {
  const limited = (overflow: Parameters<typeof queue>[1]) =>
    waiting.in({ queues: [queue(support, { waitSeconds: 60, ...overflow }), queue(billing)] });
  const over = (overflow: Parameters<typeof queue>[1]) => limited(overflow).later(60).when(fires('queueWait'));

  it('T13 to another queue, keeping its place in line', () => {
    const told = over({ overflow: { to: 'queue', queueId: billing } });
    expect(told.state.session).toMatchObject({
      status: 'WAITING',
      human: { queueId: billing, requestedAt: waiting.world.now },
    });
  });

  it('T13 to a bot, or the end, or nowhere else; never early', () => {
    const toBot = over({ overflow: { to: 'bot', name: 'bot' } });
    expect([toBot.status, toBot.control]).toEqual(['ACTIVE', 'bot']);
    expect(over({ overflow: { to: 'end' } }).state.session).toMatchObject({
      status: 'ENDED',
      end: { reason: 'queue_timeout', stateAtEnd: 'WAITING' },
    });
    const nowhere = over({});
    expect([nowhere.status, nowhere.happened, nowhere.dueIn('queueWait')]).toEqual([
      'WAITING',
      ['queueOverflowed'],
      null,
    ]);
    expect(
      limited({ overflow: { to: 'end' } })
        .later(59)
        .when(fires('queueWait')).status,
    ).toBe('WAITING');
  });

  it('T14 the end user gives up: the end says so, and whoever was asked is asked no longer', () => {
    const told = waiting.given(asks(mia)).when(ends(ann));
    expect(told.state.session).toMatchObject({
      status: 'ENDED',
      end: { endedBy: { type: 'end_user' }, reason: 'abandoned_in_queue', stateAtEnd: 'WAITING' },
    });
    expect(told.last('workDeclined')).toMatchObject({ agentId: mia, why: 'canceled' });
  });
});

describe('the agent is gone', () => {
  it('M-11, T15 tab based: back to the queue with its old place in line', () => {
    const requestedAt = tabs.state.session?.human?.requestedAt;
    const told = tabs.later(600).when(goesOffline(mia));
    expect([told.status, told.owner]).toEqual(['WAITING', null]);
    expect(told.last('agentLeft')).toMatchObject({ agentId: mia, why: 'agent_offline' });
    expect(told.last('sessionQueued')).toMatchObject({ reason: 'agent_offline', requestedAt });
    expect(told.given(...takes(ben)).owner).toBe(ben);
    expect(told.when(goesOffline(mia)).happened).toEqual([]);
  });

  it('a status-based session does not stay with an agent who is gone for good', () => {
    const handled = handledBy(mia, { channel: channel('web_widget', 'enhanced', { load: statusBased }) });
    const gone = handled.in({ agents: [agent(mia, { active: false })] }).given(goesOffline(mia));
    expect([gone.status, gone.owner]).toEqual(['WAITING', null]);

    const parked = handled.given(parks(by(mia))).in({ agents: [agent(mia, { active: false })] });
    const back = parked.given(writes());
    expect([back.status, back.owner]).toEqual(['WAITING', null]);
  });

  it('nor with one whom the app does not have', () => {
    const handled = handledBy(mia, { channel: channel('web_widget', 'enhanced', { load: statusBased }) });
    const nobodys = handled.without(mia).given(goesOffline(mia));
    expect([nobodys.status, nobodys.owner]).toEqual(['WAITING', null]);

    const back = handled
      .given(parks(by(mia)))
      .without(mia)
      .given(writes());
    expect([back.status, back.owner]).toEqual(['WAITING', null]);
  });

  it('M-12, T16 status based: nothing changes, messages wait for the owner', () => {
    const told = states.later(7200).when(goesOffline(mia));
    expect([told.status, told.owner, told.happened]).toEqual(['ACTIVE', mia, []]);
    const written = told.given(writes());
    expect([written.status, written.owner, written.offer]).toEqual(['ACTIVE', mia, null]);
  });
});

describe('transfer', () => {
  const toQueue = {
    type: 'transferSession',
    by: by(mia),
    to: { type: 'queue', queueId: billing, skills: ['vat'] },
  } as const;
  const toBen = { type: 'transferSession', by: by(mia), to: { type: 'agent', agentId: ben } } as const;

  it('T17, K-12 to a queue: it waits there, and the tab of the sender stays theirs', () => {
    const told = tabs.when(toQueue);
    expect([told.status, told.owner]).toEqual(['WAITING', null]);
    expect(told.state.session).toMatchObject({ human: { queueId: billing }, waiting: { skills: ['vat'] } });
    expect(told.last('sessionQueued')).toMatchObject({ reason: 'transferred' });
    expect(told.last('workTransferred')).toMatchObject({ agentId: mia });
    expect(told.last('agentLeft')).toMatchObject({ agentId: mia, why: 'transferred' });
    const closed = tabs.in({ queues: [queue(support), queue(billing, { takesTransfers: false })] });
    expect(closed.when(toQueue).refusal).toBe('noSuchDestination');
    expect(tabs.when({ ...toQueue, by: by(ben) }).refusal).toBe('notOwner');
  });

  it('T18 to a colleague: the sender is the owner until it is accepted', () => {
    const asked = tabs.when(toBen);
    expect([asked.status, asked.owner, asked.offer?.agentId]).toEqual(['ACTIVE', mia, ben]);
    expect(asked.when(says(by(mia))).refusal).toBeNull();
    expect(asked.when(says(by(ben))).refusal).toBe('notInControl');
    expect(asked.given(declines(ben)).owner).toBe(mia);
    const taken = asked.given(accepts(ben));
    expect([taken.status, taken.owner, taken.last('workTransferred')?.agentId]).toEqual(['ACTIVE', ben, mia]);
    expect(taken.when(says(by(mia))).refusal).toBe('notInControl');
  });

  it('T18 only to somebody who is there and has room', () => {
    const gone = agent(ben, { presence: { status: 'offline', loggedIn: false } });
    expect(tabs.in({ agents: [gone] }).when(toBen).refusal).toBe('agentNotAvailable');
    const full = agent(ben, { work: [busyWith(tabBased), busyWith(tabBased)] });
    expect(tabs.in({ agents: [full] }).when(toBen).refusal).toBe('noCapacity');
  });

  it('T19 back to a bot: the agent is free, control is the bot’s, and an event says so', () => {
    const told = tabs.when(passes(keyOf(workspace), 'bot'));
    expect([told.status, told.control, told.owner]).toEqual(['ACTIVE', 'bot', null]);
    expect(told.happened).toEqual(['controlPassed', 'agentLeft']);
    expect(told.last('agentLeft')).toMatchObject({ agentId: mia, why: 'returned' });
  });
});

describe('a session that waits is moved', () => {
  const red = agent(ben, { role: 'supervisor', teams: ['red'] });
  const floor = {
    queues: [queue(support, { teams: ['red'] }), queue(billing)],
    agents: [agent(mia, { teams: ['red'] }), red],
  };
  const asked = Told.of({ switchboard: humansFirst, ...floor }).given(writes());
  const move = (who: Actor, queueId: QueueId | null, skills: readonly string[] = []) =>
    ({ type: 'transferSession', by: who, to: { type: 'queue', queueId, skills } }) as const;

  it.each([
    ['a supervisor of its team', by(ben)],
    ['a key of the app', app],
  ])('to another queue by %s, and keeps its place in line', (_, who) => {
    const told = asked.later(300).when(move(who, billing, ['vat']));
    expect([told.refusal, told.status, told.happened]).toEqual([null, 'WAITING', ['sessionQueued']]);
    expect(told.last('sessionQueued')).toMatchObject({ from: 'WAITING', reason: 'transferred', by: who });
    expect(told.state.session).toMatchObject({
      human: { queueId: billing, requestedAt: asked.world.now },
      waiting: { since: told.world.now, skills: ['vat'] },
    });
  });

  it('whoever is asked is asked no longer', () => {
    const told = asked.given(asks(mia)).when(move(app, billing));
    expect([told.happened, told.offer]).toEqual([['workDeclined', 'sessionQueued'], null]);
    expect(told.last('workDeclined')).toMatchObject({ agentId: mia, why: 'canceled' });
    expect(told.when(accepts(mia)).refusal).toBe('offerGone');
  });

  it('to where it waits already: nothing happens, and who is asked stays asked', () => {
    const told = asked.given(asks(mia)).when(move(app, support));
    expect([told.refusal, told.happened, told.offer?.agentId]).toEqual([null, [], mia]);
  });

  it('within its queue, to who has other skills', () => {
    const told = asked.when(move(app, null, ['vat']));
    expect(told.state.session).toMatchObject({ human: { queueId: support }, waiting: { skills: ['vat'] } });
  });

  it('by nobody who does not lead it, and only to a queue of the app that takes transfers', () => {
    const blue = agent(ben, { role: 'supervisor', teams: ['blue'] });
    const any = agent(ben, { may: { endAny: true } });
    for (const who of [blue, any])
      expect(asked.in({ agents: [who] }).when(move(by(ben), billing)).refusal).toBe('supervisorRequired');
    expect(asked.when(move(app, 'f'.repeat(24) as QueueId)).refusal).toBe('noSuchDestination');
    const closed = asked.in({ queues: [queue(support), queue(billing, { takesTransfers: false })] });
    expect(closed.when(move(app, billing)).refusal).toBe('noSuchDestination');
  });

  it('to an agent it is assigned, and what waits for nobody is not handed on', () => {
    const toMia = { type: 'transferSession', by: app, to: { type: 'agent', agentId: mia } } as const;
    expect(asked.when(toMia).refusal).toBe('assignWaiting');
    expect(Told.of().given(writes()).when(move(app, billing)).refusal).toBe('nothingToHandOn');
    expect(asked.given(ends(app)).when(move(app, billing)).refusal).toBe('nothingToHandOn');
  });
});

describe('word that an agent is gone', () => {
  it('is about the work it names: an offer made since stays', () => {
    const asked = Told.of({ switchboard: humansFirst }).given(writes(), asks(mia));
    const stale = {
      type: 'detachAgent',
      agentId: mia,
      workItemId: 'f'.repeat(24) as never,
      why: 'agent_offline',
    } as const;
    expect(asked.when(stale).happened).toEqual([]);
    expect(asked.when(goesOffline(mia)).happened).toEqual(['workDeclined']);
  });
});
