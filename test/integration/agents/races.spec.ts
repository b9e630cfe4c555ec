import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDesks, type Desks } from '../../support/desks.js';
import { agentActor } from '../../support/floor.js';

const ROUNDS = Number(process.env['SWITCHBOARD_TEST_AGENT_RACES'] ?? 25);

let desks: Desks;
let other: Desks;
beforeAll(async () => {
  desks = await startDesks({ model: 'tab_based', weight: 1 });
  other = desks.second();
});
afterAll(async () => {
  await other?.close();
  await desks?.close();
});

/** Which of a few things are done first is left to chance; each is given to one of two processes. */
const shuffled = <T>(things: readonly T[]): T[] =>
  things
    .map((thing) => [Math.random(), thing] as const)
    .sort(([a], [b]) => a - b)
    .map(([, thing]) => thing);

describe('two processes at one agent', () => {
  it('L-5 close a tab once, however many close it', async () => {
    const agentId = await desks.hire(1000);
    for (let round = 0; round < ROUNDS; round++) {
      const taken = await desks.taken(agentId);
      const by = agentActor(agentId);
      const errand = { appId: desks.appId, conversationId: taken.conversationId, by, idempotency: null };
      await desks.commands.end(errand, taken.sessionId, { via: 'window' });
      const before = await desks.told(agentId);
      const no = { choice: null, notes: null };
      const closed = await Promise.all(
        [desks, other, desks, other].map(({ tabs }) => tabs.close(desks.errand(agentId), by, taken.workItemId, no)),
      );
      for (const view of closed) expect(view).toMatchObject({ status: 'closed', closedBecause: 'tab_closed' });
      expect((await desks.told(agentId)).slice(before.length)).toEqual(['work_item.closed', 'capacity.changed']);
    }
    expect(await desks.work(agentId)).toEqual({ used: 0, items: [] });
  });

  it('M-11 a connection that flaps while work comes and goes loses nothing and nobody', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const agentId = await desks.hire(3);
      const errand = desks.errand(agentId);
      const kept = await desks.taken(agentId);
      const lost = { type: 'loseConnection', connection: 'one' } as const;
      const waiting = await desks.waiting();
      const flaps = [desks, other, desks, other].flatMap(({ agents, presence }) => [
        () => agents.run(errand, lost),
        () => presence.heard(errand, 'one'),
      ]);
      const to = {
        appId: desks.appId,
        conversationId: waiting.conversationId,
        by: { type: 'system' },
        idempotency: null,
      } as const;
      const offer = () => other.commands.run(to, { type: 'offerWork', agentId });
      await Promise.all(shuffled([...flaps, offer]).map((thing) => thing()));
      await desks.presence.heard(errand, 'one');

      const agent = await desks.agent(agentId);
      expect(agent.presence).toMatchObject({ status: 'online', graceUntil: null });
      expect(agent.work.some(({ id }) => id === kept.workItemId)).toBe(true);
      const session = await desks.session(waiting.conversationId);
      const offered = session.status === 'WAITING' && session.waiting.offer !== null;
      expect(agent.work.some(({ sessionId }) => sessionId === waiting.sessionId)).toBe(offered);
      expect(agent.seq).toBe((await desks.told(agentId)).length);
      const { rows } = await desks.sql.query(`SELECT 1 FROM agent_timer WHERE agent_id = $1 AND kind = 'agentGrace'`, [
        agentId,
      ]);
      expect(rows).toEqual([]);
    }
  });

  it('M-11 a grace that is over as the desk comes back is over or forgotten, never half', async () => {
    await desks.configure(`UPDATE app SET settings = settings || $2 WHERE id = $1`, desks.appId, {
      agentDisconnectGraceSeconds: 0,
    });
    for (let round = 0; round < ROUNDS; round++) {
      const agentId = await desks.hire(3);
      const errand = desks.errand(agentId);
      const taken = await desks.taken(agentId);
      await desks.agents.run(errand, { type: 'loseConnection', connection: 'one' });
      const things = [() => desks.sweep.sweep(), () => other.sweep.sweep(), () => other.presence.heard(errand, 'one')];
      await Promise.all(shuffled(things).map((thing) => thing()));
      await desks.departures.sweep();
      const { presence, work } = await desks.agent(agentId);
      const session = await desks.session(taken.conversationId);
      const gone = presence.status === 'offline';
      expect(presence.graceUntil).toBeNull();
      expect(session.status).toBe(gone ? 'WAITING' : 'ACTIVE');
      expect(work.length).toBe(gone ? 0 : 1);
      expect(await desks.count(taken.conversationId, 'agentLeft')).toBe(gone ? 1 : 0);
    }
  });
});
