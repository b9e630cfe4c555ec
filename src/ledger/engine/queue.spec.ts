import { describe, expect, it } from '@jest/globals';
import { CommandQueue } from './queue.js';
import { LIMITS, member, names, type Numbered } from './queue.spec-kit.js';

describe('the queue of commands', () => {
  it('never takes two of one conversation, nor one whose conversation is in flight', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const [first, second] = [member('c1'), member('c1')];
    for (const each of [first, second, member('c2')]) queue.offer(each);
    expect(names(queue.take())).toEqual(['c1', 'c2']);
    expect(queue.take()).toEqual([]);
    queue.release(first);
    expect(queue.take()).toEqual([second]);
  });

  it('lets apps take turns', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    for (const id of ['a1', 'a2', 'a3', 'a4', 'a5']) queue.offer(member(id));
    queue.offer(member('b1', { app: 'b' }));
    queue.offer(member('b2', { app: 'b' }));
    expect(names(queue.take())).toEqual(['a1', 'b1', 'a2', 'b2']);
    expect(names(queue.take())).toEqual(['a3', 'a4', 'a5']);
  });

  it('gives a member that was not done the first place in its conversation', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const [first, second] = [member('c1'), member('c1')];
    queue.offer(first);
    queue.offer(second);
    queue.take();
    queue.offer(member('c1', { caller: 'the platform', urgency: 'system' }));
    queue.putBack(first);
    expect(queue.take()).toEqual([first]);
  });

  it('closes a group by bytes, and lets a large command go alone', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    for (const [id, bytes] of [
      ['c1', 600],
      ['c2', 5_000],
      ['c3', 400],
      ['c4', 400],
    ] as const) {
      queue.offer(member(id, { bytes }));
    }
    expect(names(queue.take())).toEqual(['c1']);
    expect(names(queue.take())).toEqual(['c2']);
    expect(names(queue.take())).toEqual(['c3', 'c4']);
  });

  it('forgets conversations that are done', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    queue.offer(member('c1'));
    for (const each of queue.take()) queue.release(each);
    expect(queue.conversations).toBe(0);
  });

  it('expires those who waited too long and keeps the others in order', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    queue.offer(member('c1', { since: 10 }));
    queue.offer(member('c1', { since: 30 }));
    queue.offer(member('c2', { app: 'b', since: 10 }));
    expect(names(queue.expire(20))).toEqual(['c1', 'c2']);
    expect(queue.take().map(({ since }) => since)).toEqual([30]);
  });
});

describe('callers of one conversation', () => {
  /** Takes and finishes one command after the other. */
  function drained(queue: CommandQueue<Numbered>): Numbered[] {
    const order: Numbered[] = [];
    for (let [next] = queue.take(); next !== undefined; [next] = queue.take()) {
      order.push(next);
      queue.release(next);
    }
    return order;
  }

  it('refuses the flooding caller alone', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const flood = (): Numbered => member('c', { caller: 'bot' });
    for (let i = 0; i < 3; i++) expect(queue.offer(flood())).toBeNull();
    expect(queue.offer(flood())).toBe('caller_full');
    expect(queue.offer(member('c', { caller: 'desk' }))).toBeNull();
    expect(queue.offer(member('d', { caller: 'bot' }))).toBeNull();
  });

  it('has places of their own for control, also of a caller whose other places are taken', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    for (let i = 0; i < 3; i++) queue.offer(member('c'));
    for (let i = 0; i < 3; i++) expect(queue.offer(member('c', { urgency: 'control' }))).toBeNull();
    expect(queue.offer(member('c', { urgency: 'control' }))).toBe('caller_full');
  });

  it('never refuses the platform for the sake of one conversation or one app', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const timer = (): Numbered => member('c', { caller: 'system', urgency: 'system' });
    for (let i = 0; i < LIMITS.maxQueued; i++) expect(queue.offer(timer())).toBeNull();
    expect(queue.offer(timer())).toBe('queue_full');
  });

  it('take turns, whatever one of them sends', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const flood = [1, 2, 3].map(() => member('c', { caller: 'bot' }));
    const desk = [1, 2].map(() => member('c', { caller: 'desk' }));
    for (const each of [...flood, ...desk]) queue.offer(each);
    expect(drained(queue)).toEqual([flood[0], desk[0], flood[1], desk[1], flood[2]]);
  });

  it('let the platform go first, then control, then the rest', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const usual = member('c', { caller: 'user' });
    const pass = member('c', { caller: 'desk', urgency: 'control' });
    const timer = member('c', { caller: 'system', urgency: 'system' });
    for (const each of [usual, pass, timer]) queue.offer(each);
    expect(drained(queue)).toEqual([timer, pass, usual]);
  });

  it('keep the order of their own commands: what they said before they passed control is said before', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const other = member('c', { caller: 'user' });
    const goodbye = member('c', { caller: 'bot' });
    const pass = member('c', { caller: 'bot', urgency: 'control' });
    for (const each of [other, goodbye, pass]) queue.offer(each);
    expect(drained(queue)).toEqual([goodbye, other, pass]);
  });

  it('cannot go first again and again with urgent commands: one turn in a round', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const end = (): Numbered => member('c', { caller: 'user', urgency: 'control' });
    const message = member('c', { caller: 'desk' });
    queue.offer(message);
    queue.offer(end());
    const [first] = queue.take() as [Numbered];
    expect(first.command.caller).toBe('user');
    // It came while the one before was under way, with nobody of that caller waiting.
    queue.offer(end());
    queue.release(first);
    expect(queue.take()).toEqual([message]);
  });

  it('go last when they were refused at their last turn', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const refused = [1, 2].map(() => member('c', { caller: 'bot' }));
    for (const each of refused) queue.offer(each);
    const [first] = queue.take() as [Numbered];
    const others = ['desk', 'user'].map((caller) => member('c', { caller }));
    for (const each of others) queue.offer(each);
    queue.note(first, true);
    queue.release(first);
    expect(drained(queue)).toEqual([...others, refused[1]]);
  });

  it('are taken out behind a member in flight, the oldest of its caller first', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const [first, second, third] = [member('c'), member('c'), member('c')];
    const other = member('c', { caller: 'other' });
    for (const each of [first, second, other, third]) queue.offer(each);
    queue.take();
    expect([...queue.behind(first)]).toEqual([second, third]);
    expect(queue.withdraw(first, third.command)).toBeUndefined();
    expect(queue.withdraw(first, second.command)).toBe(second);
    expect(queue.waiting).toBe(2);
    queue.release(first);
    expect(drained(queue)).toEqual([other, third]);
  });
});

describe('the room of the whole queue', () => {
  /** Commands of as many conversations as fit. */
  function fill(queue: CommandQueue<Numbered>, app: string, caller: string): number {
    let taken = 0;
    while (queue.offer(member(`${app}-${caller}-${taken}`, { app, caller })) === null) taken += 1;
    return taken;
  }

  it('is never filled by one caller, nor by one app', () => {
    const queue = new CommandQueue<Numbered>({ ...LIMITS, maxQueued: 100 });
    expect(fill(queue, 'a', 'flood')).toBe(60);
    expect(queue.offer(member('c', { caller: 'quiet' }))).toBeNull();
    for (let caller = 0; caller < 50; caller++) fill(queue, 'a', `more-${caller}`);
    expect(queue.waiting).toBe(75);
    expect(queue.offer(member('d', { app: 'b' }))).toBeNull();
  });

  it('refuses by the share of the app and lets control go further', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    fill(queue, 'a', 'flood');
    expect(queue.offer(member('c', { caller: 'flood' }))).toBe('app_full');
    expect(queue.offer(member('c', { caller: 'flood', urgency: 'control' }))).toBeNull();
  });

  it('is given back by whoever leaves', () => {
    const queue = new CommandQueue<Numbered>(LIMITS);
    const filled = fill(queue, 'a', 'flood');
    queue.expire(Infinity);
    expect(fill(queue, 'a', 'flood')).toBe(filled);
  });
});
