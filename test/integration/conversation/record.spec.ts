import { afterEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  evolve,
  initialState,
  restored,
  waitsOf,
  type ConversationEvent,
  type Settled,
} from '../../../src/conversation/index.js';
import type { ConversationId, UserId } from '../../../src/kernel/index.js';
import { DEEDS, perform } from '../../support/deeds.js';
import { startStage, type Stage } from '../../support/stage.js';

let stage: Stage;
afterEach(() => stage?.close());

/** The state that the event table tells, in `seq` order. */
async function retold(id: ConversationId): Promise<unknown> {
  const { rows } = await stage.sql.query<{ seq: string; at: Date; control_epoch: string; data: ConversationEvent }>(
    `SELECT seq, at, control_epoch, data FROM event WHERE conversation_id = $1 ORDER BY seq`,
    [id],
  );
  let state = initialState;
  for (const { seq, at, control_epoch, data } of rows) {
    state = evolve(state, data, at.getTime());
    expect([state.seq, state.controlEpoch]).toEqual([Number(seq), Number(control_epoch)]);
  }
  return state;
}

async function kept(id: ConversationId): Promise<unknown> {
  const { rows } = await stage.sql.query(`SELECT state FROM conversation WHERE id = $1`, [id]);
  return restored(rows[0]?.state);
}

/** Timers, session rows and outbox rows, which follow from the state or from the events. */
async function expectFollowing(id: ConversationId): Promise<void> {
  const { rows } = await stage.sql.query(
    `SELECT (SELECT count(*)::int FROM event WHERE conversation_id = c.id) AS events,
            (SELECT array_agg(seq::int ORDER BY seq) FROM outbox WHERE conversation_id = c.id) AS announced,
            (SELECT count(*)::int FROM message WHERE conversation_id = c.id) AS messages,
            (SELECT array_agg(kind || subject) FROM timer WHERE conversation_id = c.id) AS timers,
            (SELECT array_agg(status ORDER BY id) FROM session WHERE conversation_id = c.id) AS sessions,
            state
     FROM conversation c WHERE id = $1`,
    [id],
  );
  const { events, announced, messages, timers, sessions } = rows[0];
  const state = restored(rows[0].state);
  expect(announced).toEqual(Array.from({ length: events }, (_, n) => n + 1));
  expect(messages).toBe(state.messageCount);
  const { world } = stage.written.at(-1) as Settled;
  const waits = waitsOf(state, world).map(({ kind, subject }) => kind + subject);
  expect((timers ?? []).toSorted()).toEqual(waits.toSorted());
  expect((sessions ?? []).at(-1)).toBe(state.session?.status);
}

describe('the record', () => {
  it('told again from its events is the state that decisions rest on (I10)', async () => {
    stage = await startStage({
      endSessionEnabled: true,
      onEnd: { endUser: 'pass:survey', agent: 'release', bot: 'release', system: 'release' },
    });
    const userId: UserId = await stage.user();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...DEEDS), { minLength: 5, maxLength: 25 }), async (deeds) => {
        const id = await stage.open(userId);
        for (const deed of deeds) await perform(deed, stage, id, userId);
        expect(await retold(id)).toEqual(await kept(id));
        await expectFollowing(id);
      }),
      // A timer that fires too early does nothing, and stays.
      {
        numRuns: 40,
        examples: [[['botOffersBriefly', 'offerExpires']], [['userWrites', 'userEnds', 'endingExpires']]],
      },
    );
  }, 120_000);

  it('has one default conversation, however many first contacts come at once', async () => {
    stage = await startStage();
    const users = await Promise.all(Array.from({ length: 20 }, () => stage.user()));
    await Promise.all(users.flatMap((user) => [stage.open(user), stage.open(user), stage.open(user)]));
    const { rows } = await stage.sql.query(
      `SELECT count(*)::int AS conversations, count(*) FILTER (WHERE is_default)::int AS defaults FROM conversation`,
    );
    expect(rows[0]).toEqual({ conversations: 60, defaults: 20 });
  });

  it('has one conversation of a user where several are not allowed, also when two first contacts race', async () => {
    stage = await startStage({ multiConvoEnabled: false });
    const users = await Promise.all(Array.from({ length: 20 }, () => stage.user()));
    const opened = await Promise.allSettled(users.flatMap((user) => [stage.open(user), stage.open(user)]));
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    const refused = opened.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ code: 'bad_request' });
    const { rows } = await stage.sql.query(`SELECT count(*)::int AS conversations FROM conversation WHERE is_default`);
    expect(rows[0]).toEqual({ conversations: 20 });
  });
});
