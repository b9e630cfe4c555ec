import { describe, expect, it } from '@jest/globals';
import {
  agent,
  ann,
  app,
  ben,
  billing,
  bot,
  board,
  by,
  channel,
  desk,
  humansFirst,
  keyOf,
  mia,
  queue,
  statusBased,
  support,
  survey,
  workspace,
} from './floor.spec-kit.js';
import {
  accepts,
  asks,
  begins,
  ends,
  handledBy,
  offersControl,
  parks,
  passes,
  says,
  Told,
  writes,
} from './told.spec-kit.js';

const outbound = { channel: channel('whatsapp') };
const settles = { type: 'settleGround' } as const;
const withoutPeople = board({ integrations: [bot, survey, desk] });

describe('a workspace that is deleted', () => {
  const talk = handledBy(mia).in({ switchboard: withoutPeople });

  it('takes the word from its agents before any permission is asked', () => {
    const said = talk.when(says(by(mia)));
    expect(said.refusal).toBe('notInControl');
    expect(said.happened).toEqual(['holderRemoved', 'agentLeft', 'controlAssigned']);
    expect(said.owner).toBeNull();
    expect(talk.when(parks(by(mia))).refusal).not.toBeNull();
  });

  it('leaves it to its last agent to end the session, and to no other', () => {
    expect(talk.when(ends(by(ben))).refusal).toBe('notOwner');
    expect(talk.given(settles).when(ends(by(mia))).status).toBe('ENDED');
    expect(
      handledBy(mia)
        .given(passes(app, 'bot'))
        .when(ends(by(mia))).refusal,
    ).toBe('notOwner');
  });

  it('withdraws the offer that rings: it cannot be accepted any more', () => {
    const ringing = Told.of({ switchboard: humansFirst }).given(writes(), asks(mia)).in({ switchboard: withoutPeople });
    const accepted = ringing.when(accepts(mia));
    expect(accepted.refusal).toBe('offerGone');
    expect(accepted.happened).toEqual(['holderRemoved', 'workDeclined', 'sessionDequeued']);
    expect(accepted.status).toBe('ACTIVE');
  });

  it('takes the word from an agent who wrote first as well', () => {
    const began = Told.of(outbound)
      .given(begins(by(mia)))
      .in({ switchboard: withoutPeople });
    expect(began.when(says(by(mia))).refusal).toBe('notInControl');
  });

  it('leaves nobody waiting for it, without anybody writing', () => {
    const waiting = Told.of({ switchboard: humansFirst }).given(writes()).in({ switchboard: withoutPeople });
    const settled = waiting.when(settles);
    expect(settled.happened).toEqual(['holderRemoved', 'sessionDequeued', 'controlAssigned']);
    expect([settled.status, settled.control]).toEqual(['ACTIVE', 'bot']);
    expect(settled.when(settles).happened).toEqual([]);
  });
});

describe('what conversations stand on', () => {
  it('deleted: the end user who waits goes to the default, a finished conversation to nobody', () => {
    const held = Told.of()
      .given(writes(), passes(app, 'desk'))
      .in({ switchboard: board({ integrations: [bot, workspace] }) });
    expect(held.when(settles).happened).toEqual(['holderRemoved', 'controlAssigned']);
    const unasked = Told.of()
      .in({ switchboard: board({ defaultId: desk.id, integrations: [desk] }) })
      .when(settles);
    expect([unasked.happened, unasked.control]).toEqual([['holderRemoved'], 'nobody']);
  });

  it('deleted with nobody left: the conversation goes on without a holder', () => {
    const settled = handledBy(mia).in({ switchboard: null }).when(settles);
    expect(settled.happened).toEqual(['holderRemoved', 'agentLeft']);
    expect(settled.given(writes()).control).toBe('nobody');
  });

  it('deleted in a post-end flow: the session ends', () => {
    const onEnd = { mode: 'pass', to: 'survey' } as const;
    const setting = { settings: { onEnd: { end_user: onEnd, agent: onEnd, bot: onEnd, system: onEnd } } };
    const ending = Told.of(setting)
      .given(writes(), ends(ann))
      .in({ switchboard: board({ integrations: [bot, workspace] }) });
    expect(ending.when(settles).happened).toEqual(['holderRemoved', 'endNoteWritten', 'sessionEnded']);
  });

  it('not deleted: nothing happens', () => {
    for (const told of [
      Told.of(),
      Told.of().given(writes()),
      handledBy(mia),
      Told.of().given(offersControl(app, 'desk')),
    ]) {
      expect(told.when(settles).happened).toEqual([]);
    }
  });
});

describe('a queue that is deleted', () => {
  const setting = { switchboard: humansFirst, queues: [queue(support), queue(billing)] };

  it('hands those who wait in it to another one, in their old place', () => {
    const waiting = Told.of(setting).given(writes());
    const later = waiting.later(60).in({ queues: [queue(billing)] });
    const moved = later.when(settles);
    expect(moved.last('sessionQueued')).toMatchObject({
      reason: 'queue_removed',
      queueId: billing,
      requestedAt: waiting.world.now,
    });
    expect(moved.when(settles).happened).toEqual([]);
  });

  it('withdraws the offer that was made for it', () => {
    const asked = Told.of({ ...setting, agents: [agent(mia), agent(ben)] }).given(writes(), asks(ben));
    expect(asked.in({ queues: [queue(billing)] }).when(settles).happened).toEqual(['workDeclined', 'sessionQueued']);
  });
});

describe('the door of a new session', () => {
  const inactive = handledBy(mia, { channel: channel('whatsapp', 'enhanced', { load: statusBased }) }).given(
    parks(by(mia)),
  );

  it('is shut to whoever does not hold control, as the fence is', () => {
    for (const one of [bot, desk, survey]) {
      const tried = inactive.when(begins(keyOf(one)));
      expect([tried.refusal, tried.happened]).toEqual(['notInControl', []]);
    }
    const over = Told.of(outbound).given(writes(), ends(app));
    expect(over.when(begins(keyOf(desk))).refusal).toBe('notInControl');
    expect(over.when(begins(keyOf(desk))).happened).toEqual([]);
  });

  it('gives way to no key that was never on the switchboard', () => {
    const stranger = { ...keyOf(bot), integrationId: 'f'.repeat(24) } as ReturnType<typeof keyOf>;
    expect(inactive.when(begins(stranger)).refusal).toBe('notInControl');
    const fresh = Told.of(outbound);
    expect(fresh.when(begins(stranger)).refusal).toBeNull();
    expect(fresh.in({ switchboard: board({ outsiders: 'refuse' }) }).when(begins(stranger)).refusal).toBe(
      'notInControl',
    );
  });

  it('is open to the default, which gets control by it, and to app keys', () => {
    const begun = Told.of(outbound)
      .given(writes(), ends(app))
      .when(begins(keyOf(bot)));
    expect(begun.happened).toEqual(['controlAssigned', 'sessionStarted', 'messageSent']);
    expect(begun.last('messageSent')).toMatchObject({ sender: bot.id, senderKind: 'bot', outOfTurn: false });
    expect(inactive.when(begins(app)).refusal).toBeNull();
  });
});
