import { describe, expect, it } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import type { ConversationState, MessageCounts, Session, Talk } from './core/index.js';
import { beginning, steps, take } from './core/random-story.spec-kit.js';
import { restored, restoredSession, stored } from './stored-state.js';

const read = (state: ConversationState): unknown => JSON.parse(JSON.stringify(stored(state)));

const millis = fc.constantFrom(0, 1, 1_795_275_980_752);
const seldom = fc.constantFrom(null, 0, 1_795_275_980_752);
const responses = fc.record({ count: fc.constantFrom(0, 3), totalMs: millis, longestMs: millis });
const talk: fc.Arbitrary<Talk> = fc.record({
  customerAt: seldom,
  answeredAt: seldom,
  askedAt: seldom,
  heldSince: millis,
  reminded: fc.constantFrom(0, 2),
  warned: fc.record({ customer: fc.boolean(), agent: fc.boolean() }),
  idle: fc.boolean(),
  agentResponses: responses,
  customerResponses: responses,
}) as fc.Arbitrary<Talk>;
const count = fc.constantFrom(0, 7);
const messages: fc.Arbitrary<MessageCounts> = fc.record({ endUser: count, bot: count, agent: count, other: count });

describe('a stored state', () => {
  it('is read as what was written, whatever the conversation went through', () => {
    fc.assert(
      fc.property(beginning, steps, talk, messages, (first, life, said, counted) => {
        let story = first;
        for (const step of life) {
          story = take(story, step);
          expect(isDeepStrictEqual(restored(read(story.state)), story.state)).toBe(true);
        }
        const { state } = story;
        if (state.session === null) return;
        const other = { ...state, session: { ...state.session, talk: said, messages: counted } as Session };
        expect(restored(read(other))).toEqual(other);
        expect(restoredSession((read(other) as ConversationState).session)).toEqual(other.session);
      }),
      { numRuns: 200 },
    );
  });

  it('is read whole where an earlier version wrote it whole', () => {
    fc.assert(
      fc.property(beginning, steps, (first, life) => {
        const { state } = life.reduce(take, first);
        expect(restored(JSON.parse(JSON.stringify(state)))).toEqual(state);
      }),
      { numRuns: 100 },
    );
  });

  it('of a conversation in which little happened is half as long', () => {
    fc.assert(
      fc.property(beginning, (story) => {
        expect(JSON.stringify(stored(story.state)).length).toBeLessThanOrEqual(JSON.stringify(story.state).length);
      }),
    );
    expect(JSON.stringify(stored(QUIET)).length).toBeLessThan(JSON.stringify(QUIET).length * 0.6);
  });
});

const QUIET = {
  lifecycle: 'open',
  seq: 20,
  controlEpoch: 17,
  lastEventAt: 1_795_275_980_752,
  control: { status: 'active', active: '01a1fec97b121db6a1d6bc19' },
  answering: { dead: [], overdue: false, owedSince: 1_795_275_980_752 },
  channelId: null,
  consented: false,
  messageCount: 1,
  session: {
    id: '01a1fec97c1b5c2d2d165203',
    status: 'ACTIVE',
    origin: 'inbound',
    channelId: null,
    startedAt: 1_795_275_979_792,
    acceptedAt: null,
    handledBy: ['bot'],
    human: null,
    transferring: null,
    messages: { endUser: 1, bot: 0, agent: 0, other: 0 },
    talk: {
      customerAt: 1_795_275_979_792,
      answeredAt: null,
      askedAt: 1_795_275_980_752,
      heldSince: 1_795_275_980_752,
      reminded: 0,
      warned: { customer: false, agent: false },
      idle: false,
      agentResponses: { count: 0, totalMs: 0, longestMs: 0 },
      customerResponses: { count: 0, totalMs: 0, longestMs: 0 },
    },
  },
} as unknown as ConversationState;
