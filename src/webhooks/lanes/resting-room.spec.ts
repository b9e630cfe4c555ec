import { describe, expect, it } from '@jest/globals';
import type { WebhookId } from '../../kernel/index.js';
import { Lane } from './lane.js';
import { RestingRoom } from './resting-room.js';

let made = 0;
const lane = (): Lane => new Lane({ partition: 0, webhookId: 'w' as WebhookId, lane: `${(made += 1)}` });

describe('room for lanes that wait for their next attempt', () => {
  /** Of eight at most of one webhook, ten of all. Whoever has to leave is released, as it is when it is dismissed. */
  function room() {
    const rests = new RestingRoom<string>(8, 10);
    const owners = new Map<Lane, string>();
    const left: string[] = [];
    const rest = (webhook: string): boolean => {
      const one = lane();
      owners.set(one, webhook);
      return rests.admit(webhook, one, (other) => {
        const owner = owners.get(other)!;
        left.push(owner);
        rests.release(owner, other);
      });
    };
    const many = (webhook: string, count: number): boolean[] => Array.from({ length: count }, () => rest(webhook));
    const kept = () => Object.fromEntries(['a', 'b', 'c', 'd'].map((webhook) => [webhook, rests.of(webhook)]));
    return { many, kept, left, rests, owners };
  }

  it('is bounded for one webhook', () => {
    const { many, kept, left } = room();
    expect(many('a', 9)).toEqual([...Array<boolean>(8).fill(true), false]);
    expect([kept(), left]).toEqual([{ a: 8, b: 0, c: 0, d: 0 }, []]);
  });

  it('is bounded for all together: whoever has few takes it from whoever has the most', () => {
    const { many, kept, left } = room();
    many('a', 8);
    many('b', 2);
    expect(many('c', 1)).toEqual([true]);
    expect(many('d', 1)).toEqual([true]);
    expect([kept(), left]).toEqual([{ a: 6, b: 2, c: 1, d: 1 }, ['a', 'a']]);
  });

  it('ends even between those who ask for more than there is, and never takes from one with few', () => {
    const { many, kept, left } = room();
    many('d', 1);
    for (let round = 0; round < 50; round += 1) for (const webhook of ['a', 'b', 'c']) many(webhook, 1);
    expect(kept()).toEqual({ a: 3, b: 3, c: 3, d: 1 });
    expect(left).not.toContain('d');
  });

  it('goes to nobody else while whoever has the most has no more than they', () => {
    const { many, kept, left } = room();
    many('a', 5);
    many('b', 5);
    expect(many('a', 1)).toEqual([false]);
    expect([kept(), left]).toEqual([{ a: 5, b: 5, c: 0, d: 0 }, []]);
  });

  it('is free again once a lane wants its turn or goes, however often it is told', () => {
    const { many, kept, rests, owners } = room();
    many('a', 8);
    many('b', 2);
    const [first] = owners.keys();
    rests.release('a', first!);
    rests.release('a', first!);
    expect(many('b', 2)).toEqual([true, true]);
    expect(kept()).toEqual({ a: 6, b: 4, c: 0, d: 0 });
  });
});
