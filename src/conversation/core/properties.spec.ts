import { afterAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { evolve, holderOf, initialState, isLive, pendingOf } from './index.js';
import type { MessageId } from '../../kernel/index.js';
import type { Actor, ConversationCommand, ConversationEvent, ConversationState, Switchboard } from './index.js';
import { depth } from '../../../test/support/depth.js';
import { beginning, handOvers, steps, take } from './random-story.spec-kit.js';
import { board, cast, writes, type Story } from './story.spec-kit.js';

const FORM = '00000000000000000000f0f0' as MessageId;

/** What each kind of event was seen to do, over all runs: a property that never met an event proves nothing about it. */
const seen = new Map<string, number>();

/** Holds after every step of any life in any configuration. */
function always(check: (after: Story, before: Story) => void, lives = steps): void {
  fc.assert(
    fc.property(beginning, lives, (first, life) => {
      let story = first;
      for (const step of life) {
        const before = story;
        story = take(before, step);
        if (step.do !== 'command') continue;
        for (const type of story.happened) seen.set(type, (seen.get(type) ?? 0) + 1);
        check(story, before);
      }
    }),
    depth(600),
  );
}

const events = (story: Story, ...types: readonly ConversationEvent['type'][]): number =>
  story.log.filter(({ event }) => types.includes(event.type)).length;

/** Told from the log alone, without `evolve`: who holds control by what was announced. */
function holders(story: Story): readonly (string | null)[] {
  const held: (string | null)[] = [null];
  for (const { event } of story.log) {
    const now = held.at(-1) ?? null;
    const next = holderAfter(event, now);
    if (next !== now) held.push(next);
  }
  return held;
}

function holderAfter(event: ConversationEvent, now: string | null): string | null {
  switch (event.type) {
    case 'controlAssigned':
    case 'controlPassed':
    case 'controlAccepted':
      return event.to;
    case 'controlReleased':
    case 'conversationRemoved':
      return null;
    case 'holderRemoved':
      return event.active === null ? now : null;
    default:
      return now;
  }
}

/** Every event of the last command, with the state it happened in. */
function happenedIn(after: Story, before: Story): readonly { event: ConversationEvent; found: ConversationState }[] {
  let { state } = before;
  return after.decision.events.map((event) => {
    const found = state;
    state = evolve(state, event, after.world.now);
    return { event, found };
  });
}

const isBound = (id: string, { integrations, former }: Switchboard): boolean =>
  integrations.some(({ integrationId }) => integrationId === id) || former.some((one) => one === id);

const holds = (id: string, { control }: ConversationState): boolean =>
  cast.find(({ integrationId }) => integrationId === id)?.id === holderOf(control);

function isInTurn(by: Actor, found: ConversationState, { world: { switchboard } }: Story): boolean {
  if (by.type !== 'integration' || !switchboard?.enabled) return true;
  return isBound(by.integrationId, switchboard) ? holds(by.integrationId, found) : switchboard.outsiders === 'allow';
}

/** By the sender's key; or an acceptance of the last offer, which the sender's key made, or which follows from that. */
function isOwnHandOver(event: ConversationEvent, earlier: Story['log'], sender: string | null): boolean {
  const key = cast.find(({ id }) => id === sender)?.integrationId;
  const isTheirs = (by: Actor): boolean => by.type === 'integration' && by.integrationId === key;
  if (event.type === 'controlPassed') return isTheirs(event.by);
  if (event.type !== 'controlAccepted') return false;
  const offered = earlier.findLast(({ event: one }) => one.type === 'controlOffered' && one.by.type !== 'system');
  return offered?.event.type === 'controlOffered' && isTheirs(offered.event.by);
}

describe('for any list of commands, in any configuration', () => {
  afterAll(() => {
    const never = [...EVERY_TYPE, 'parting'].filter((type) => (seen.get(type) ?? 0) < 20);
    expect(never).toEqual([]);
  });

  it('I1: one holder and one pending at most, and the pending one is never the holder', () => {
    always(({ state }) => {
      const pending = pendingOf(state.control);
      if (pending !== null) expect(pending).not.toBe(holderOf(state.control));
      expect(state.control.status === 'active' && state.control.active === null).toBe(false);
    });
  });

  it('I1: whoever holds control or is invited is on the switchboard', () => {
    always(({ state, world, refusal }) => {
      if (refusal?.reason === 'conversationNotFound') return;
      const there = world.switchboard?.integrations.map(({ id }) => id as string) ?? [];
      for (const id of [holderOf(state.control), pendingOf(state.control)]) {
        if (id !== null) expect(there).toContain(id);
      }
    });
  });

  it('I2: the epoch rises by one exactly when the holder changes', () => {
    always((story) => {
      const held = holders(story);
      expect(held.at(-1)).toBe(holderOf(story.state.control));
      expect(story.state.controlEpoch).toBe(held.length - 1);
    });
  });

  it('I3: under strict nobody of the switchboard speaks who does not hold control at that place, but for a parting word', () => {
    always((story, before) => {
      for (const { event, found } of happenedIn(story, before)) {
        if (event.type !== 'messageSent') continue;
        const { switchboard } = story.world;
        const inTurn = isInTurn(event.by, found, story);
        const strict = switchboard?.enabled === true && switchboard.enforcement === 'strict';
        if (strict) expect(inTurn || event.parting).toBe(true);
        if (event.parting) seen.set('parting', (seen.get('parting') ?? 0) + 1);
        if (switchboard?.enabled) expect(event.outOfTurn).toBe(!inTurn && !event.parting);
      }
    }, handOvers);
  });

  it('I3: under strict nobody of the switchboard stands in for the end user, or takes anything away, without control', () => {
    always((story, before) => {
      const { switchboard } = story.world;
      if (!switchboard?.enabled || switchboard.enforcement !== 'strict') return;
      for (const { event, found } of happenedIn(story, before)) {
        const forUser = STANDS_IN.includes(event.type) && !('userId' in event && event.userId === null);
        if (!forUser && !TAKES_AWAY.includes(event.type)) continue;
        const by = 'by' in event ? event.by : null;
        if (by?.type !== 'integration' || !isBound(by.integrationId, switchboard)) continue;
        expect(holds(by.integrationId, found)).toBe(true);
      }
    });
  });

  it('I3: a parting word follows a hand-over by its own sender, at once, and no word of anybody else', () => {
    always((story) => {
      const at = story.log.length - 1;
      const last = story.log[at];
      if (last?.event.type !== 'messageSent' || !last.event.parting) return;
      const { sender } = last.event;
      const moved = story.log.findLastIndex(({ event }) => MOVES.includes(event.type));
      const handOver = story.log[moved];
      expect(handOver?.event).toMatchObject({ from: sender });
      expect(handOver && isOwnHandOver(handOver.event, story.log.slice(0, moved), sender)).toBe(true);
      expect(last.at - (handOver?.at ?? 0)).toBeLessThan(10_000);
      const between = story.log.slice(moved + 1, at).filter(({ event }) => event.type === 'messageSent');
      for (const { event } of between) expect(event).toMatchObject({ sender });
    }, handOvers);
  });

  it("a closed conversation is nobody's", () => {
    always(({ state }) => {
      if (state.lifecycle === 'closedToEndUser') expect(state.control).toEqual({ status: 'released' });
    });
  });

  it('I7: every offer has one end: accepted, declined, superseded, released, removed or expired, never early', () => {
    always((story, before) => {
      const offer = before.state.control.status === 'pending' ? before.state.control.offer : null;
      const ended = story.decision.events.filter(({ type }) => type === 'offerExpired');
      expect(ended.length).toBeLessThanOrEqual(1);
      for (const event of ended) {
        expect(event).toMatchObject({ pending: offer?.to, offerSeq: offer?.seq });
        expect(offer?.expiresAt ?? Infinity).toBeLessThanOrEqual(story.world.now);
      }
      const still = story.state.control.status === 'pending' && story.state.control.offer.seq === offer?.seq;
      if (offer !== null && !still) expect(story.happened.some((type) => OFFER_ENDS.includes(type))).toBe(true);
    });
  });

  it('I10: the events rebuild the state, and seq has no gaps', () => {
    always(({ state, log }) => {
      const folded = log.reduce((before, { event, at }) => evolve(before, event, at), initialState);
      // `toEqual` takes ten times as long, and is asked for what differs.
      if (!isDeepStrictEqual(folded, state)) expect(folded).toEqual(state);
      expect(state.seq).toBe(log.length);
    });
  });

  it('a release leaves neither an active nor a pending one', () => {
    always((story) => {
      if (story.happened.at(-1) === 'controlReleased') expect(story.state.control).toEqual({ status: 'released' });
    });
  });

  it('a refusal leaves only what is allowed', () => {
    always((story) => {
      if (story.refusal === null) return;
      expect(story.happened.filter((type) => !BESIDE_A_REFUSAL.includes(type))).toEqual([]);
      expect(story.happened.includes('controlFailed')).toBe(story.refusal.reason === 'controlFailed');
    });
  });

  it('one session at a time, one end for each, and what was asked first is what is recorded', () => {
    always((story) => {
      const started = events(story, 'sessionStarted');
      const ended = events(story, 'sessionEnded');
      const live = isLive(story.state.session) || story.state.session?.status === 'ENDING';
      expect(started - ended).toBe(live ? 1 : 0);
      const ids = story.log.flatMap(({ event }) => (event.type === 'sessionEnded' ? [event.sessionId] : []));
      expect(new Set(ids).size).toBe(ids.length);
      for (const { event } of story.log) {
        if (event.type !== 'sessionEnded') continue;
        const asked = story.log.find(
          ({ event: one }) => one.type === 'sessionEndRequested' && one.sessionId === event.sessionId,
        );
        expect(asked?.event).toMatchObject({ end: event.end });
      }
    });
  });

  it('every end reaches ENDED: by a release, by the deadline, or because the integration is gone', () => {
    always((story) => {
      if (story.state.session?.status !== 'ENDING') return;
      const whole = story.configured(board());
      expect(
        whole.when({ type: 'releaseControl', by: { type: 'system' }, metadata: null, reason: null }).state.session
          ?.status,
      ).toBe('ENDED');
      expect(story.configured(null).when({ type: 'changeDetails', by: { type: 'system' } }).state.session?.status).toBe(
        'ENDED',
      );
      const { deadline } = story.state.session.postEnd;
      if (deadline === null) return;
      const due = story.later((deadline - story.world.now) / 1000);
      expect(due.when({ type: 'expireEnding', sessionId: story.state.session.id }).state.session?.status).toBe('ENDED');
    });
  });

  it('an answer to a form does what any message of the end user does, and a second one is none', () => {
    always((story) => {
      const message = writes() as ConversationCommand & { type: 'receiveMessage' };
      const form = { messageId: FORM, submitted: false };
      const [said, answered] = [story.when(message), story.when({ ...message, form })];
      expect([answered.happened, answered.refusal]).toEqual([said.happened, said.refusal]);
      const last = answered.decision.events.at(-1);
      if (last?.type === 'messageReceived') expect(last.formId).toBe(FORM);
      const second = story.when({ ...message, form: { ...form, submitted: true } });
      expect([second.decision.answer.ok, second.happened.includes('messageReceived')]).toEqual([false, false]);
    });
  });

  it('nobody but the holder and app keys releases control', () => {
    always((story, before) => {
      const released = story.decision.events.find(({ type }) => type === 'controlReleased');
      if (released?.type !== 'controlReleased' || released.by.type !== 'integration') return;
      const { integrationId } = released.by;
      const holder = cast.find(({ id }) => id === holderOf(before.state.control));
      expect(holder?.integrationId).toBe(integrationId);
    });
  });
});

const MOVES: readonly string[] = [
  'controlAssigned',
  'controlPassed',
  'controlAccepted',
  'controlReleased',
  'holderRemoved',
];
const STANDS_IN: readonly string[] = ['messageReceived', 'postbackReceived', 'conversationRead'];
const TAKES_AWAY: readonly string[] = ['messagesRemoved', 'conversationRemoved'];

const OFFER_ENDS: readonly string[] = [
  'controlAccepted',
  'controlDeclined',
  'controlOffered',
  'controlPassed',
  'controlAssigned',
  'controlReleased',
  'offerExpired',
  'holderFailed',
  'holderRemoved',
  'conversationRemoved',
];

const BESIDE_A_REFUSAL: readonly string[] = [
  'controlAssigned',
  'controlFailed',
  'offerExpired',
  // Its chain goes on, whatever is refused behind it.
  'controlOffered',
  'offersExhausted',
  // A deleted holder is cleared by any command, and a post-end flow that lost its holder ends.
  'holderRemoved',
  'controlReleased',
  'endNoteWritten',
  'sessionEnded',
  'conversationClosed',
  // Whoever hands a conversation around is refused, and it goes to somebody.
  'handOffLoopStopped',
  'controlPassed',
];

const EVERY_TYPE = [
  'conversationChanged',
  'conversationClosed',
  'conversationRead',
  'conversationRemoved',
  'messageReceived',
  'messageSent',
  'messagesRemoved',
  'endNoteWritten',
  'postbackReceived',
  'controlAssigned',
  'controlPassed',
  'controlOffered',
  'controlAccepted',
  'controlDeclined',
  'controlReleased',
  'controlFailed',
  'offerExpired',
  'offersExhausted',
  'handOffLoopStopped',
  'holderFailed',
  'holderRemoved',
  'sessionStarted',
  'sessionEndRequested',
  'sessionEnding',
  'sessionEnded',
] as const satisfies readonly ConversationEvent['type'][];
