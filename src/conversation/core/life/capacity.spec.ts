import { describe, expect, it } from '@jest/globals';
import { capacityOf } from '../../../agents/core/index.js';
import {
  agent,
  ann,
  app,
  ben,
  billing,
  by,
  channel,
  mia,
  queue,
  statusBased,
  support,
  tabBased,
} from './floor.spec-kit.js';
import type { Setting } from './floor.spec-kit.js';
import { Shift } from './shift.spec-kit.js';
import { accepts, asks, begins, declines, ends, fires, parks, passes, says, takes, writes } from './told.spec-kit.js';

const statuses: Setting = { channel: channel('web_widget', 'enhanced', { load: statusBased }) };
const login = { type: 'login', connection: 'one', status: 'online' } as const;
const offline = { type: 'setStatus', status: 'offline', cause: 'chosen' } as const;
const logout = (confirmed: boolean) => ({ type: 'logout', confirmed, endsSessions: 'always' }) as const;

describe('capacity and whole sessions', () => {
  it('L-5, M-7, X-1 tab based: the end frees nothing, the tab does', () => {
    const shift = new Shift();
    shift.takes(mia, 'S1', 'S2');
    shift.do('S3', writes());
    expect([shift.used(), shift.fits('S3')]).toEqual(['4/4', false]);
    shift.do('S1', ends(by(mia)));
    expect([shift.used(), shift.fits('S3')]).toEqual(['4/4', false]);
    shift.closesTab(mia, 'S1');
    expect([shift.used(), shift.fits('S3')]).toEqual(['2/4', true]);
    shift.do('S3', asks(mia));
    expect(shift.used()).toBe('4/4');
  });

  it('M-7 the same on messaging channels', () => {
    const shift = new Shift({ channel: channel('sms', 'standard') });
    shift.takes(mia, 'S1');
    shift.do('S1', ends(by(mia)));
    expect(shift.used()).toBe('2/4');
    shift.closesTab(mia, 'S1');
    expect(shift.used()).toBe('0/4');
  });

  it('L-4 after the end the tab is open, and what is in it can be saved', () => {
    const shift = new Shift();
    shift.takes(mia, 'S1');
    shift.do('S1', ends(by(mia)));
    const [item] = shift.agent(mia).work;
    expect(item).toMatchObject({ status: 'over', tabOpen: true });
    expect(shift.alone(mia, { type: 'saveNotes', workItemId: item!.id }).refusal).toBeNull();
  });

  it('I-1, I-7, X-2 tab based: parked frees at once, and its customer comes back to anybody', () => {
    const shift = new Shift();
    shift.takes(mia, 'S1', 'S2');
    shift.do('S3', writes());
    shift.do('S2', parks(by(mia)));
    expect([shift.used(), shift.fits('S3')]).toEqual(['2/4', true]);
    shift.do('S3', asks(mia));
    const back = shift.do('S2', writes());
    expect([back.status, shift.used(), shift.fits('S2'), shift.fits('S2', ben)]).toEqual([
      'WAITING',
      '4/4',
      false,
      true,
    ]);
  });

  it('I-1, I-8, K-8, X-3 status based: parked and back goes over the limit, and nothing is offered above it', () => {
    const shift = new Shift(statuses);
    shift.takes(mia, 'S1', 'S2');
    shift.do('S1', parks(by(mia)));
    expect(shift.used()).toBe('2/4');
    shift.takes(mia, 'S3');
    const back = shift.do('S1', writes());
    expect([back.status, back.owner, shift.used()]).toEqual(['ACTIVE', mia, '6/4']);
    shift.do('S4', writes());
    shift.do('S2', ends(by(mia)));
    expect([shift.used(), shift.fits('S4')]).toEqual(['4/4', false]);
    shift.do('S3', ends(by(mia)));
    expect([shift.used(), shift.fits('S4')]).toEqual(['2/4', true]);
  });

  it('K-6, X-4 status based: parked work may weigh something', () => {
    const load = { ...statusBased, pausedWeight: 0.5 };
    const shift = new Shift({ channel: channel('web_widget', 'enhanced', { load }) });
    shift.takes(mia, 'S1', 'S2');
    shift.do('S1', parks(by(mia)));
    shift.do('S3', writes());
    expect([shift.used(), shift.fits('S3')]).toEqual(['2.5/4', false]);
  });

  it('M-11, T15, X-5 tab based: offline frees all, and the sessions wait in their old place', () => {
    const shift = new Shift();
    shift.takes(mia, 'S1', 'S2');
    shift.later(600);
    const asked = shift.of('S1').state.session?.human?.requestedAt;
    shift.alone(mia, offline);
    expect(shift.used()).toBe('0/4');
    for (const name of ['S1', 'S2']) expect([shift.of(name).status, shift.of(name).owner]).toEqual(['WAITING', null]);
    expect(shift.of('S1').state.session?.human?.requestedAt).toBe(asked);
    expect(shift.do('S1', ...takes(ben)).owner).toBe(ben);
    expect(shift.used(ben)).toBe('2/4');
  });

  it('M-12, T16, X-5 status based: offline changes nothing', () => {
    const shift = new Shift(statuses);
    shift.takes(mia, 'S1', 'S2');
    shift.alone(mia, offline);
    expect(shift.used()).toBe('4/4');
    for (const name of ['S1', 'S2']) expect([shift.of(name).status, shift.of(name).owner]).toEqual(['ACTIVE', mia]);
  });

  it('M-14, T32, K-5 a confirmed log-out ends what is ongoing and leaves nothing behind', () => {
    const shift = new Shift();
    shift.takes(mia, 'S1', 'S2');
    expect(shift.alone(mia, logout(false)).refusal).toMatchObject({ reason: 'ongoingSessions' });
    expect(shift.of('S1').status).toBe('ACTIVE');
    shift.alone(mia, logout(true));
    for (const name of ['S1', 'S2']) {
      expect(shift.of(name).state.session).toMatchObject({
        status: 'ENDED',
        end: { endedBy: { type: 'system', via: 'logout' }, reason: 'agent_logout' },
      });
      expect(shift.of(name).last('agentLeft')).toMatchObject({ agentId: mia, why: 'agent_logout' });
    }
    expect([shift.used(), shift.agent(mia).work]).toEqual(['0/4', []]);
    shift.alone(mia, login);
    expect(shift.used()).toBe('0/4');
  });

  it('K-2 by hand it never counts, unless routing gave this session to somebody before', () => {
    const shift = new Shift();
    const assigns = { type: 'assignSession', by: app, agentId: ben } as const;
    shift.do('S1', writes(), assigns);
    expect(shift.used(ben)).toBe('0/4');
    shift.takes(mia, 'S2');
    shift.do('S2', assigns);
    expect(shift.used(ben)).toBe('2/4');
  });

  it('K-3, X-12 of two offers at once one is made, the other session stays in the queue', () => {
    const shift = new Shift({ agents: [agent(mia, { limits: { primary: 2, interruptible: null, buckets: null } })] });
    shift.do('S1', writes());
    shift.do('S2', writes());
    shift.do('S1', asks(mia));
    expect([shift.used(), shift.fits('S2')]).toEqual(['2/2', false]);
    shift.do('S1', declines(mia));
    expect([shift.used(), shift.fits('S2')]).toEqual(['0/2', true]);
  });

  it('K-9, X-9 status based: what the agent begins costs nothing until it is answered', () => {
    const shift = new Shift({ channel: channel('sms', 'enhanced', { load: statusBased }) });
    shift.takes(mia, 'S1', 'S2');
    shift.do('S3', begins(by(mia)));
    expect(shift.used()).toBe('4/4');
    const answered = shift.do('S3', writes());
    expect([answered.owner, shift.used()]).toEqual([mia, '6/4']);
  });

  it('K-9, X-9 tab based: the answer is routed as any other', () => {
    const shift = new Shift({ channel: channel('sms', 'enhanced') });
    shift.takes(mia, 'S1', 'S2');
    const answered = shift.do('S3', begins(by(mia)), writes());
    expect([answered.status, shift.used(), shift.fits('S3'), shift.fits('S3', ben)]).toEqual([
      'WAITING',
      '4/4',
      false,
      true,
    ]);
  });

  it('K-12, T17 tab based: after a transfer the tab of the sender counts until it is closed', () => {
    const shift = new Shift({ queues: [queue(support), queue(billing)] });
    shift.takes(mia, 'S1');
    const to = { type: 'queue', queueId: billing, skills: [] } as const;
    shift.do('S1', { type: 'transferSession', by: by(mia), to }, ...takes(ben));
    expect([shift.used(mia), shift.used(ben)]).toEqual(['2/4', '2/4']);
    shift.closesTab(mia, 'S1');
    expect(shift.used(mia)).toBe('0/4');
  });

  it('T18 the colleague’s capacity is reserved until they answer', () => {
    const shift = new Shift(statuses);
    shift.takes(mia, 'S1');
    const to = { type: 'agent', agentId: ben } as const;
    shift.do('S1', { type: 'transferSession', by: by(mia), to });
    expect([shift.used(mia), shift.used(ben)]).toEqual(['2/4', '2/4']);
    shift.do('S1', accepts(ben));
    expect([shift.used(mia), shift.used(ben)]).toEqual(['0/4', '2/4']);
  });

  it('T19 handed back to a bot the agent is free', () => {
    const shift = new Shift();
    shift.takes(mia, 'S1');
    shift.do('S1', passes(app, 'bot'));
    expect(shift.used()).toBe('0/4');
  });

  it('T12, T14 an offer that is over reserves nothing', () => {
    const late = new Shift();
    late.do('S1', writes(), asks(mia));
    late.later(30);
    late.do('S1', fires('pushTimeout'));
    const left = new Shift();
    left.do('S1', writes(), asks(mia), ends(ann));
    for (const shift of [late, left]) expect([shift.used(), shift.agent(mia).work]).toEqual(['0/4', []]);
  });

  it('E-11 while the post-end flow runs the human is gone; status based, so is the work', () => {
    const settings = {
      onEnd: { ...new Shift().of('S1').world.settings.onEnd, end_user: { mode: 'pass', to: 'survey' } as const },
    };
    const shift = new Shift({ ...statuses, settings });
    shift.takes(mia, 'S1');
    const told = shift.do('S1', ends(ann));
    expect([told.status, told.owner, shift.used()]).toEqual(['ENDING', null, '0/4']);
  });

  it.each([
    ['messaging', ends(by(mia)), { messaging: 0, email: 0 }],
    ['email', ends(by(mia)), { messaging: 0, email: 1 }],
    ['email', ends(app, { via: 'automation' }), { messaging: 0, email: 1 }],
    ['email', ends(ann), { messaging: 0, email: 0 }],
  ] as const)('A-6, X-10 what an agent or an automation ends counts as %s, if the channel says so', (as, end, used) => {
    const limits = { primary: 4, interruptible: null, buckets: { messaging: 3, email: 10 } };
    const shift = new Shift({
      agents: [agent(mia, { limits })],
      channel: channel('web_widget', 'enhanced', { load: statusBased, agentEndedAs: as }),
    });
    shift.takes(mia, 'M1');
    const [item] = shift.agent(mia).work;
    shift.alone(mia, { type: 'setTicket', workItemId: item!.id, ticket: { id: 't', status: 'open' } });
    shift.do('M1', end);
    const { buckets } = capacityOf(shift.agent(mia));
    expect({ messaging: buckets?.messaging?.used, email: buckets?.email?.used }).toEqual(used);
  });

  it('K-10, X-6 after-work holds the capacity after the end, and its clock frees it', () => {
    const afterWork = { seconds: 120, extensionSeconds: 60, mostExtensions: 2 };
    const shift = new Shift({ channel: channel('web_widget', 'enhanced', { load: { ...tabBased, afterWork } }) });
    shift.takes(mia, 'S1');
    shift.do('S1', says(by(mia)), ends(by(mia)));
    expect(shift.used()).toBe('2/4');
    const [item] = shift.agent(mia).work;
    shift.later(120);
    shift.alone(mia, { type: 'afterWorkOver', workItemId: item!.id, until: item!.afterWork!.until });
    expect(shift.used()).toBe('0/4');
  });
});
