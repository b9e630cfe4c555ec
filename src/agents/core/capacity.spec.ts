import { describe, expect, it } from '@jest/globals';
import { Desk, load, names, wid } from './agent.spec-kit.js';
import { canTake, WORK_LIMIT } from './capacity.js';

const status = { model: 'status_based' } as const;

describe('the rules of capacity (docs/rules.md 3.2)', () => {
  it('K-1 the model is of the work, so one agent mixes both', () => {
    const desk = new Desk();
    desk.accept('tab');
    desk.accept('status', status);
    desk.end('tab');
    desk.end('status');
    expect(desk.primary).toBe('2/4');
  });

  it('K-2 work that was only ever assigned by hand never counts', () => {
    const desk = new Desk();
    desk.assign('by hand');
    expect(desk.primary).toBe('0/4');
    desk.assign('routed to somebody before', {}, true);
    expect(desk.primary).toBe('2/4');
  });

  it('K-3 an offer reserves before it is accepted', () => {
    const desk = new Desk({ primary: 2 });
    desk.offer('S1');
    expect(desk.primary).toBe('2/2');
    expect(canTake(desk.agent, load())).toBe(false);
    desk.work({ type: 'withdrawn', workItemId: wid('S1'), why: 'declined' });
    expect(canTake(desk.agent, load())).toBe(true);
    expect(desk.agent.work).toEqual([]);
  });

  it('K-4 L-5 tab-based work counts until its tab is closed, whatever became of the session', () => {
    const desk = new Desk();
    desk.accept('S1');
    desk.end('S1');
    expect(desk.primary).toBe('2/4');
    desk.close('S1');
    expect(desk.primary).toBe('0/4');
  });

  it('K-5 a confirmed logout closes all tab-based work that is over', () => {
    const desk = new Desk();
    desk.accept('S1');
    desk.end('S1');
    desk.do({ type: 'logout', confirmed: true, endsSessions: 'always' });
    expect(desk.primary).toBe('0/4');
    expect(desk.agent.work).toEqual([]);
  });

  it('K-5 ended by that logout, work leaves nothing behind', () => {
    const desk = new Desk();
    desk.accept('S1', { afterWork: { seconds: 120, extensionSeconds: 60, mostExtensions: 2 } });
    desk.work({ type: 'ended', workItemId: wid('S1'), closeTab: true, treatAs: 'messaging' });
    expect(desk.primary).toBe('0/4');
    expect(desk.agent.work).toEqual([]);
  });

  it('K-6 status-based: in progress counts, paused counts its own weight, completed nothing', () => {
    const desk = new Desk();
    desk.accept('S1', { ...status, pausedWeight: 0.5 });
    expect(desk.primary).toBe('2/4');
    desk.work({ type: 'paused', workItemId: wid('S1') });
    expect(desk.primary).toBe('0.5/4');
    desk.work({ type: 'unpaused', workItemId: wid('S1') });
    desk.end('S1');
    expect(desk.primary).toBe('0/4');
  });

  it('K-6 T23 status-based: neither closing the tab nor logging out changes anything', () => {
    const desk = new Desk();
    desk.accept('S1', status);
    expect(desk.close('S1').refusal).toBeNull();
    expect(desk.primary).toBe('2/4');
    const { departures } = desk.do({ type: 'logout', confirmed: true, endsSessions: 'never' });
    expect(departures).toEqual([]);
    expect(desk.primary).toBe('2/4');
  });

  it('K-7 K-8 what comes back is not checked, and above the limit nothing new fits until it fits again', () => {
    const desk = new Desk();
    desk.accept('S1', status);
    desk.work({ type: 'paused', workItemId: wid('S1') });
    desk.accept('S2', { ...status, weight: 4 });
    desk.work({ type: 'unpaused', workItemId: wid('S1') });
    expect(desk.primary).toBe('6/4');
    expect(canTake(desk.agent, load({ weight: 0.5 }))).toBe(false);
    desk.end('S2');
    expect(desk.primary).toBe('2/4');
    expect(canTake(desk.agent, load({ weight: 2 }))).toBe(true);
    expect(canTake(desk.agent, load({ weight: 2.5 }))).toBe(false);
  });

  it('K-9 what the agent began counts from the answer on', () => {
    const desk = new Desk();
    desk.work({ type: 'answered', ...names('S1'), load: load(status) });
    expect(desk.primary).toBe('2/4');
  });

  it('K-10 work after a conversation holds capacity', () => {
    const desk = new Desk();
    desk.accept('S1', { ...status, afterWork: { seconds: 120, extensionSeconds: 60, mostExtensions: 2 } });
    desk.end('S1');
    expect(desk.primary).toBe('2/4');
    desk.do({ type: 'finishAfterWork', workItemId: wid('S1') });
    expect(desk.primary).toBe('0/4');
  });

  it('K-11 interruptible work has a pool of its own and is not offered while primary work fills the agent', () => {
    const desk = new Desk({ primary: 2, interruptible: 1 });
    const some = load({ weight: 1, interruptible: true });
    desk.accept('case', some);
    expect(canTake(desk.agent, load())).toBe(true);
    desk.end('case');
    desk.close('case');
    desk.accept('chat');
    expect(canTake(desk.agent, some)).toBe(false);
  });

  it('K-12 tab-based: who handed it on counts it until the tab is closed', () => {
    const desk = new Desk();
    desk.accept('S1');
    desk.accept('S2', status);
    desk.work({ type: 'transferred', workItemId: wid('S1') });
    desk.work({ type: 'transferred', workItemId: wid('S2') });
    expect(desk.primary).toBe('2/4');
    desk.close('S1');
    expect(desk.primary).toBe('0/4');
  });

  it('never has more than a hundred open items, whatever they weigh (docs/rules.md 3.1)', () => {
    const desk = new Desk({ primary: 1000 });
    for (let i = 0; i < WORK_LIMIT; i++) desk.accept(`S${i}`, { weight: 0 });
    expect(canTake(desk.agent, load({ weight: 0 }))).toBe(false);
    desk.end('S1');
    desk.close('S1');
    expect(canTake(desk.agent, load({ weight: 0 }))).toBe(true);
  });

  it('fits fractions that add up to the limit exactly', () => {
    const desk = new Desk({ primary: 1 });
    for (const name of ['S1', 'S2', 'S3']) desk.accept(name, { weight: 0.1 });
    expect(desk.primary).toBe('0.3/1');
    expect(canTake(desk.agent, load({ weight: 0.7 }))).toBe(true);
    expect(canTake(desk.agent, load({ weight: 0.71 }))).toBe(false);
  });

  it('gives no share of nothing', () => {
    expect(canTake(new Desk({ primary: 0 }).agent, load({ percent: 25 }))).toBe(false);
  });

  it('says each change of capacity once, last, with a number of the agent', () => {
    const desk = new Desk();
    const before = desk.agent.seq;
    desk.events = [];
    desk.accept('S1', status);
    desk.end('S1');
    desk.close('S1');
    expect(desk.events.map(({ type }) => type)).toEqual(['capacityChanged', 'capacityChanged', 'workItemClosed']);
    expect(desk.agent.seq).toBe(before + 3);
  });
});
