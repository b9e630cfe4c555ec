import { afterAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { canTake, type WorkItem } from '../../../agents/core/index.js';
import type { AgentId } from '../../../kernel/index.js';
import {
  agentsConcernedBy,
  evolve,
  holderOf,
  initialState,
  mayEnd,
  treatedAs,
  waitsOf,
  workChanges,
  type ConversationEvent,
  type TimerKind,
} from '../index.js';
import { depth } from '../../../../test/support/depth.js';
import { workspace } from './floor.spec-kit.js';
import {
  CONVERSATION,
  commanded,
  happenedIn,
  setting,
  steps,
  take,
  type Floor,
  type Step,
} from './random-life.spec-kit.js';
import { Told } from './told.spec-kit.js';

const items = (
  { agents }: Floor,
  status: readonly WorkItem['status'][],
): readonly { agentId: AgentId; item: WorkItem }[] =>
  [...agents].flatMap(([agentId, { work }]) =>
    work.filter((item) => status.includes(item.status)).map((item) => ({ agentId, item })),
  );

/** Which status may follow which (`docs/rules.md` 2.2). */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  none: ['ACTIVE', 'WAITING', 'CONSENT', 'NEW'],
  NEW: ['ACTIVE', 'WAITING', 'ENDED', 'ENDING', 'ERROR'],
  CONSENT: ['ACTIVE', 'WAITING', 'ENDED', 'ERROR', 'ENDING'],
  WAITING: ['ACTIVE', 'ENDED', 'ENDING', 'ERROR'],
  ACTIVE: ['WAITING', 'INACTIVE', 'ENDED', 'ENDING', 'ERROR'],
  INACTIVE: ['ACTIVE', 'WAITING', 'ENDED', 'ENDING', 'ERROR', 'NEW'],
  ENDING: ['ENDED', 'ERROR', 'NEW'],
  ENDED: ['ACTIVE', 'WAITING', 'CONSENT', 'NEW'],
  ERROR: ['ACTIVE', 'WAITING', 'CONSENT', 'NEW'],
};

/** Where only a rare turn of a life shows the fault. */
const MANY = 2_000;

/** A property that never met an event proves nothing about it. */
const seen = new Set<string>();

function always(check: (after: Floor, before: Floor, step: Step) => void, numRuns = 300): void {
  fc.assert(
    fc.property(setting, steps, (chosen, life) => {
      let floor: Floor = { told: Told.of(chosen), agents: new Map((chosen.agents ?? []).map((one) => [one.id, one])) };
      for (const step of life) {
        const before = floor;
        floor = take(floor, step);
        if (step.do !== 'ground' && floor.told !== before.told) {
          for (const { type } of floor.told.decision.events) seen.add(type);
        }
        check(floor, before, step);
      }
    }),
    depth(numRuns),
  );
}

const count = (events: readonly ConversationEvent[], type: ConversationEvent['type']): number =>
  events.filter((event) => event.type === type).length;

describe('whatever happens to a session and its agents', () => {
  afterAll(() => {
    const met = ['workOffered', 'workDeclined', 'workOpened', 'workTransferred', 'agentJoined', 'agentLeft'];
    const lived = ['sessionQueued', 'sessionDequeued', 'sessionInactivated', 'sessionReactivated', 'sessionEnding'];
    const timed = ['sessionReminded', 'queueOverflowed', 'consentRequested'];
    expect([...met, ...lived, ...timed].filter((type) => !seen.has(type))).toEqual([]);
  });

  it('moves only as the table of transitions says', () => {
    always(({ told }, { told: before }) => {
      if (told.status === before.status) return;
      // One that ended on the way to the next, for what it stood on was gone, is over before that begins.
      const another = before.status === 'ENDING' && told.state.session?.id !== before.state.session?.id;
      expect(FOLLOWS[another ? 'ENDED' : before.status]).toContain(told.status);
    });
  });

  it('has one agent at most, and that agent has its work; an offer reserves with one agent (K-3)', () => {
    always((floor) => {
      const { session } = floor.told.state;
      const open = items(floor, ['open', 'paused']).filter(({ item }) => item.sessionId === session?.id);
      const offered = items(floor, ['offered']);
      const owner = session?.status === 'NEW' ? null : (session?.human?.owner ?? null);
      expect(open.map(({ agentId }) => agentId)).toEqual(owner === null ? [] : [owner]);
      expect(offered.map(({ agentId, item }) => [agentId, item.id])).toEqual(
        floor.told.offer ? [[floor.told.offer.agentId, floor.told.offer.workItemId]] : [],
      );
    });
  });

  it('leaves nobody with work of a session that is over', () => {
    always((floor) => {
      const over = ['ENDED', 'ERROR', 'ENDING', 'none'].includes(floor.told.status);
      if (over) expect(items(floor, ['open', 'paused', 'offered'])).toEqual([]);
    });
  });

  it('ends once, after it was asked for', () => {
    always(({ told }) => {
      const ended = told.log.filter(({ type }) => type === 'sessionEnded') as { sessionId: string }[];
      expect(new Set(ended.map(({ sessionId }) => sessionId)).size).toBe(ended.length);
      expect(ended.length).toBeLessThanOrEqual(count(told.log, 'sessionEndRequested'));
    });
  });

  it('offers only where there is room (K-8)', () => {
    always((after, before) => {
      const offer = after.told.decision.events.find(({ type }) => type === 'workOffered');
      if (after.told === before.told || offer?.type !== 'workOffered') return;
      const asked = before.agents.get(offer.agentId);
      expect(asked && canTake(asked, offer.load)).toBe(true);
    });
  });

  it('raises the epoch by one exactly when the holder changes, the agent included (I2)', () => {
    always(({ told }) => {
      let epoch = 0;
      let holder = 'null null';
      let state = initialState;
      for (const event of told.log) {
        state = evolve(state, event, told.world.now);
        const now = `${holderOf(state.control)} ${state.session?.human?.owner ?? null}`;
        if (now !== holder) epoch += 1;
        holder = now;
      }
      expect(state.controlEpoch).toBe(epoch);
    });
  });

  it('waits for nothing twice, and for no agent it does not need', () => {
    always(({ told }) => {
      const waits = waitsOf(told.state, told.world).map(({ kind, subject }) => `${kind} ${subject}`);
      expect(new Set(waits).size).toBe(waits.length);
      const kinds = new Set<TimerKind>(waitsOf(told.state, told.world).map(({ kind }) => kind));
      if (told.status !== 'WAITING') expect(kinds.has('queueWait')).toBe(false);
      if (told.status !== 'INACTIVE') expect(kinds.has('inactiveEnd')).toBe(false);
      if (told.status === 'WAITING') expect(told.owner).toBeNull();
    });
  });

  it('lets an agent speak only in a session of their own, while their workspace holds control', () => {
    always((after, before, step) => {
      if (step.do !== 'command') return;
      for (const { event, found } of happenedIn(after, before)) {
        if (event.type !== 'messageSent' || event.agentId === null) continue;
        expect(holderOf(found.control)).toBe(workspace.id);
        expect(found.session?.human?.owner).toBe(event.agentId);
        expect(after.told.world.switchboard?.integrations).toContain(workspace);
      }
    }, MANY);
  });

  it('concerns no agent, and ends no session, that its loader did not expect', () => {
    always((after, before, step) => {
      const { command } = commanded(before.told, step);
      if (command === null || step.do === 'ground') return;
      const treatAs = treatedAs(after.told.decision.events, after.told.world);
      for (const { event, found } of happenedIn(after, before)) {
        const over = event.type === 'sessionEnded' || event.type === 'sessionEnding';
        if (over) expect(mayEnd(before.told.state, command)).toBe(true);
        const expected = agentsConcernedBy(before.told.state, command);
        for (const { agentId } of workChanges(found, event, CONVERSATION, treatAs))
          expect([...expected]).toContain(agentId);
        const took = over ? (found.session?.human?.participants ?? []) : [];
        for (const { agentId, role } of took) if (role === 'agent') expect([...expected]).toContain(agentId);
      }
    }, MANY);
  });

  it('holds nothing and waits for nobody once what it stood on is gone and it was settled', () => {
    always((after, before, step) => {
      if (commanded(before.told, step).command?.type !== 'settleGround') return;
      const { state, world } = after.told;
      const there = world.switchboard?.integrations.map(({ id }) => id) ?? [];
      const holder = holderOf(state.control);
      if (holder !== null) expect(there).toContain(holder);
      if (state.session?.status === 'WAITING') expect(holder ?? state.control.status).not.toBe('released');
      const reaches = ['ACTIVE', 'WAITING'].includes(after.told.status) && world.switchboard?.enabled === true;
      if (reaches && there.includes(world.switchboard?.defaultId as never)) expect(holder).not.toBeNull();
    });
  });
});
