import { describe, expect, it } from '@jest/globals';
import { Desk, load, names, TEN, wid } from './agent.spec-kit.js';
import { canTake } from './capacity.js';

const status = { model: 'status_based' } as const;
const minutes = (n: number): number => n * 60_000;

/** Examples of `docs/rules.md` 3.7. Whole sessions play the parts of 5, 9, 11, 12 that are not capacity elsewhere. */
describe('the worked examples of capacity', () => {
  it('X-1 tab-based, the end is no release', () => {
    const desk = new Desk();
    desk.accept('S1');
    desk.accept('S2');
    expect(desk.primary).toBe('4/4');
    desk.end('S1');
    expect(desk.primary).toBe('4/4');
    expect(canTake(desk.agent, load())).toBe(false);
    desk.close('S1');
    expect(desk.primary).toBe('2/4');
    expect(canTake(desk.agent, load())).toBe(true);
    desk.offer('S3');
    expect(desk.primary).toBe('4/4');
  });

  it('X-2 tab-based, inactive lets the agent go', () => {
    const desk = new Desk();
    desk.accept('S1');
    desk.accept('S2');
    desk.work({ type: 'left', workItemId: wid('S2'), why: 'inactive' });
    expect(desk.primary).toBe('2/4');
    expect(desk.agent.work.map(({ id }) => id)).toEqual(['S1']);
    desk.offer('S3');
    expect(desk.primary).toBe('4/4');
    expect(canTake(desk.agent, load())).toBe(false);
  });

  it('X-3 status-based, inactive and back goes over the limit', () => {
    const desk = new Desk();
    desk.accept('S1', status);
    desk.accept('S2', status);
    desk.work({ type: 'paused', workItemId: wid('S1') });
    expect(desk.primary).toBe('2/4');
    desk.accept('S3', status);
    expect(desk.primary).toBe('4/4');
    desk.work({ type: 'unpaused', workItemId: wid('S1') });
    expect(desk.primary).toBe('6/4');
    desk.end('S2');
    expect(desk.primary).toBe('4/4');
    expect(canTake(desk.agent, load(status))).toBe(false);
    desk.end('S3');
    expect(desk.primary).toBe('2/4');
    expect(canTake(desk.agent, load(status))).toBe(true);
  });

  it('X-4 paused work may weigh something', () => {
    const desk = new Desk();
    const half = { ...status, pausedWeight: 0.5 };
    desk.accept('S1', half);
    desk.accept('S2', half);
    desk.work({ type: 'paused', workItemId: wid('S1') });
    expect(desk.primary).toBe('2.5/4');
    expect(canTake(desk.agent, load(half))).toBe(false);
  });

  it.each(['chosen', 'supervisor', 'maintenance'] as const)('X-5 M-11 M-12 offline, %s', (cause) => {
    const tab = new Desk();
    tab.accept('S1');
    tab.accept('S2');
    const { departures } = tab.do({ type: 'setStatus', status: 'offline', cause });
    expect(departures.map(({ workItemId, what }) => [workItemId, what])).toEqual([
      ['S1', 'detach'],
      ['S2', 'detach'],
    ]);
    for (const { workItemId } of departures) tab.work({ type: 'left', workItemId, why: 'offline' });
    expect(tab.primary).toBe('0/4');

    const kept = new Desk();
    kept.accept('S1', status);
    kept.accept('S2', status);
    expect(kept.do({ type: 'setStatus', status: 'offline', cause }).departures).toEqual([]);
    expect(kept.primary).toBe('4/4');
  });

  const afterWork = { seconds: 120, extensionSeconds: 60, mostExtensions: 2 };
  const inAfterWork = (): Desk => {
    const desk = new Desk();
    desk.accept('S1', { afterWork });
    desk.end('S1');
    return desk;
  };
  const untilOf = (desk: Desk): number | undefined => desk.agent.work[0]?.afterWork?.until;

  it('X-6 work after a conversation, extended twice', () => {
    const desk = inAfterWork();
    const extend = { type: 'extendAfterWork', workItemId: wid('S1') } as const;
    expect(desk.do(extend).refusal).toBeNull();
    expect(desk.do(extend).refusal).toBeNull();
    expect(desk.do(extend).refusal).toEqual({ reason: 'noExtensionLeft', mostExtensions: 2 });
    expect(untilOf(desk)).toBe(TEN + minutes(4));

    desk.now = TEN + minutes(2);
    desk.do({ type: 'afterWorkOver', workItemId: wid('S1'), until: TEN + minutes(2) });
    expect(desk.primary).toBe('2/4');
    desk.now = TEN + minutes(4);
    desk.do({ type: 'afterWorkOver', workItemId: wid('S1'), until: TEN + minutes(4) });
    expect(desk.primary).toBe('0/4');
    expect(desk.agent.work).toEqual([]);
  });

  it('X-6 done sooner frees at once', () => {
    const desk = inAfterWork();
    desk.now = TEN + 70_000;
    desk.do({ type: 'finishAfterWork', workItemId: wid('S1') });
    expect(desk.primary).toBe('0/4');
  });

  it('X-6 logging out mid-way keeps it for a minute', () => {
    const desk = inAfterWork();
    desk.now = TEN + 30_000;
    desk.do({ type: 'logout', confirmed: false, endsSessions: 'always' });
    expect(desk.primary).toBe('2/4');
    expect(untilOf(desk)).toBe(TEN + 90_000);
    desk.now = TEN + 90_000;
    desk.do({ type: 'afterWorkOver', workItemId: wid('S1'), until: TEN + 90_000 });
    expect(desk.primary).toBe('0/4');
  });

  it('X-7 percentages', () => {
    const desk = new Desk();
    const chat = { ...status, percent: 25 };
    const call = { ...status, percent: 100, bucket: 'voice' } as const;
    for (const name of ['S1', 'S2', 'S3']) desk.accept(name, chat);
    expect(desk.primary).toBe('3/4');
    expect(canTake(desk.agent, load(chat))).toBe(true);
    expect(canTake(desk.agent, load(call))).toBe(false);
    for (const name of ['S1', 'S2', 'S3']) desk.end(name);
    desk.accept('C1', call);
    expect(canTake(desk.agent, load(chat))).toBe(false);
  });

  it('X-8 interruptible work', () => {
    const desk = new Desk({ primary: 2, interruptible: 3 });
    const some = { ...status, weight: 1, interruptible: true };
    const chat = { ...status, weight: 1 };
    for (const name of ['C1', 'C2', 'C3']) desk.accept(name, some);
    expect(desk.capacity).toEqual({
      primary: { used: 0, limit: 2 },
      interruptible: { used: 3, limit: 3 },
      buckets: null,
    });
    expect(canTake(desk.agent, load(some))).toBe(false);
    expect(canTake(desk.agent, load(chat))).toBe(true);
    desk.accept('S1', chat);
    desk.accept('S2', chat);
    desk.end('C1');
    expect(desk.primary).toBe('2/2');
    expect(canTake(desk.agent, load(some))).toBe(false);
  });

  it('X-9 what the agent begins costs nothing until it is answered', () => {
    const desk = new Desk();
    desk.accept('S1', status);
    desk.accept('S2', status);
    desk.work({ type: 'startedOutbound' });
    expect(desk.primary).toBe('4/4');
    desk.work({ type: 'answered', ...names('S3'), load: load(status) });
    expect(desk.primary).toBe('6/4');
  });

  it.each([
    { treatAs: 'messaging', countInactive: false, messaging: 2, email: 5 },
    { treatAs: 'messaging', countInactive: true, messaging: 3, email: 5 },
    { treatAs: 'email', countInactive: false, messaging: 2, email: 6 },
  ] as const)('X-10 A-6 buckets: ended as $treatAs, idle work counting: $countInactive', (example) => {
    const desk = new Desk({ primary: 1, buckets: { messaging: 3, email: 10 } });
    const { treatAs, countInactive } = example;
    for (const name of ['M1', 'M2', 'M3']) desk.accept(name, { ...status, countInactive });
    for (const name of ['E1', 'E2', 'E3', 'E4', 'E5']) desk.accept(name, { ...status, bucket: 'email' });
    desk.do({ type: 'setTicket', workItemId: wid('M1'), ticket: { id: 't1', status: 'open' } });
    desk.end('M1', treatAs);
    desk.close('M1');
    const used = () => [desk.capacity.buckets?.messaging?.used, desk.capacity.buckets?.email?.used];
    expect(used()).toEqual([example.messaging, example.email]);
    desk.do({ type: 'setTicket', workItemId: wid('M1'), ticket: { id: 't1', status: 'solved' } });
    expect(used()).toEqual([2, 5]);
    expect(desk.agent.work.some(({ id }) => id === 'M1')).toBe(false);
    expect(desk.primary).toBe('0/1');
  });

  it('X-10 idle messaging work does not count unless it is made to (docs/rules.md 3.6)', () => {
    const desk = new Desk({ buckets: { messaging: 2 } });
    desk.accept('M1', status);
    desk.accept('M2', { ...status, countInactive: true });
    desk.work({ type: 'idled', workItemId: wid('M1') });
    desk.work({ type: 'idled', workItemId: wid('M2') });
    expect(desk.capacity.buckets).toEqual({ messaging: { used: 1, limit: 2 } });
    desk.work({ type: 'revived', workItemId: wid('M1') });
    expect(desk.capacity.buckets).toEqual({ messaging: { used: 2, limit: 2 } });
  });

  it('X-11 work parked by the clock weighs what parked work weighs', () => {
    const desk = new Desk();
    desk.accept('S1', status);
    desk.work({ type: 'paused', workItemId: wid('S1') });
    expect(desk.primary).toBe('0/4');
    desk.end('S1');
    expect(desk.primary).toBe('0/4');
  });

  it('X-12 of two offers at once, one after the other, the second does not fit', () => {
    const desk = new Desk({ primary: 2 });
    expect(canTake(desk.agent, load())).toBe(true);
    desk.offer('S1');
    expect(canTake(desk.agent, load())).toBe(false);
    expect(desk.primary).toBe('2/2');
  });
});
