import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AgentErrand } from '../../../src/agents/index.js';
import type { AgentId } from '../../../src/kernel/index.js';
import { startDesks, type Desks, type Taken } from '../../support/desks.js';

let tab: Desks;
let status: Desks;
beforeAll(async () => {
  tab = await startDesks({ model: 'tab_based', weight: 2 }, { agentDisconnectGraceSeconds: 0 });
  status = await startDesks({ model: 'status_based', weight: 2 }, { agentDisconnectGraceSeconds: 0 });
});
afterAll(() => Promise.all([tab?.close(), status?.close()]));

type Going = (desks: Desks, errand: AgentErrand) => Promise<unknown>;

/** All that puts an agent offline. */
const ways: readonly (readonly [string, Going])[] = [
  ['chosen', ({ presence }, errand) => presence.setStatus(errand, 'offline', 'chosen')],
  ['forced by a supervisor', ({ presence }, errand) => presence.setStatus(errand, 'offline', 'supervisor')],
  ['for maintenance', ({ presence }, errand) => presence.setStatus(errand, 'offline', 'maintenance')],
  ['by a login elsewhere', ({ presence }, errand) => presence.login(errand, 'elsewhere', 'away')],
  [
    'by a connection that stays away',
    async ({ presence, sweep }, errand) => {
      await presence.lost(errand, 'one');
      await sweep.sweep();
    },
  ],
];

async function two(desks: Desks): Promise<{ agentId: AgentId; taken: readonly [Taken, Taken] }> {
  const agentId = await desks.hire(4);
  const taken = [await desks.taken(agentId), await desks.taken(agentId)] as const;
  return { agentId, taken };
}

describe('an agent who goes offline', () => {
  it.each(ways)('M-11 X-5 tab-based, %s: the sessions wait again, in their old place', async (_, go) => {
    const { agentId, taken } = await two(tab);
    const asked = await Promise.all(taken.map(async ({ conversationId }) => (await tab.session(conversationId)).human));
    await go(tab, tab.errand(agentId));
    for (const [index, { conversationId }] of taken.entries()) {
      const session = await tab.session(conversationId);
      expect(session).toMatchObject({ status: 'WAITING', human: { owner: null } });
      expect(session.human?.requestedAt).toBe(asked[index]?.requestedAt);
    }
    expect(await tab.work(agentId)).toEqual({ used: 0, items: [] });
    expect(await tab.told(agentId)).toContain('agent.presence_changed');
    const left = await tab.sql.query('SELECT 1 FROM agent_departure WHERE agent_id = $1', [agentId]);
    expect(left.rowCount).toBe(0);

    const b = await tab.hire(4);
    const [{ conversationId }] = taken;
    const errand = { appId: tab.appId, conversationId, by: { type: 'system' }, idempotency: null } as const;
    expect(await tab.commands.run(errand, { type: 'offerWork', agentId: b })).toMatchObject({ decision: { ok: true } });
  });

  it.each(ways)('M-12 X-5 status-based, %s: the sessions stay', async (_, go) => {
    const { agentId, taken } = await two(status);
    await go(status, status.errand(agentId));
    for (const { conversationId } of taken) {
      expect(await status.session(conversationId)).toMatchObject({ status: 'ACTIVE', human: { owner: agentId } });
    }
    expect(await status.work(agentId)).toEqual({ used: 4, items: ['open', 'open'] });
  });

  it('T12 an offer is withdrawn with it, under either model', async () => {
    for (const desks of [tab, status]) {
      const agentId = await desks.hire(4);
      const { conversationId } = await desks.offered(agentId);
      await desks.presence.setStatus(desks.errand(agentId), 'offline', 'chosen');
      expect(await desks.session(conversationId)).toMatchObject({ status: 'WAITING', waiting: { offer: null } });
      expect(await desks.work(agentId)).toEqual({ used: 0, items: [] });
    }
  });

  it('M-11 is gone from the conversations even if the process dies in between', async () => {
    const { agentId, taken } = await two(tab);
    // The intent alone, as a process leaves it that is killed before it told anybody.
    await tab.agents.run(tab.errand(agentId), { type: 'setStatus', status: 'offline', cause: 'chosen' });
    expect(await tab.work(agentId)).toEqual({ used: 4, items: ['open', 'open'] });
    await Promise.all([tab.departures.sweep(), tab.departures.sweep()]);
    for (const { conversationId } of taken) {
      expect(await tab.session(conversationId)).toMatchObject({ status: 'WAITING' });
      expect(await tab.count(conversationId, 'agentLeft')).toBe(1);
    }
    expect(await tab.work(agentId)).toEqual({ used: 0, items: [] });
  });

  it('is not sent away from a session that came back in the meantime', async () => {
    const agentId = await tab.hire(4);
    const { conversationId } = await tab.taken(agentId);
    await tab.agents.run(tab.errand(agentId), { type: 'setStatus', status: 'offline', cause: 'chosen' });
    const [departure] = (await tab.sql.query('SELECT * FROM agent_departure WHERE agent_id = $1', [agentId])).rows;
    await tab.departures.sweep();
    await tab.presence.setStatus(tab.errand(agentId), 'online', 'chosen');
    const errand = { appId: tab.appId, conversationId, by: { type: 'system' }, idempotency: null } as const;
    await tab.commands.run(errand, { type: 'offerWork', agentId });
    // The same intent again: a process that slept through all of it.
    await tab.sql.query(`INSERT INTO agent_departure SELECT * FROM jsonb_populate_record(NULL::agent_departure, $1)`, [
      departure,
    ]);
    await tab.departures.sweep();
    expect((await tab.agent(agentId)).work).toMatchObject([{ status: 'offered' }]);
  });
});

describe('an agent who logs out', () => {
  it('M-14 T32 is told of ongoing sessions first; confirmed, each ends once and the agent is gone', async () => {
    for (const desks of [tab, status]) {
      const { agentId, taken } = await two(desks);
      const refused = await desks.presence.logout(desks.errand(agentId), false).catch((error: unknown) => error);
      expect(refused).toMatchObject({
        code: 'ongoing_sessions',
        details: { fields: { ongoingSessions: taken.map(({ sessionId }) => ({ sessionId })) } },
      });
      for (const { conversationId } of taken)
        expect(await desks.session(conversationId)).toMatchObject({ status: 'ACTIVE' });

      await desks.presence.logout(desks.errand(agentId), true);
      for (const { conversationId } of taken) {
        expect(await desks.session(conversationId)).toMatchObject({
          status: 'ENDED',
          end: { endedBy: { type: 'system', via: 'logout' }, reason: 'agent_logout' },
        });
        expect(await desks.count(conversationId, 'sessionEnded')).toBe(1);
      }
      expect(await desks.work(agentId)).toEqual({ used: 0, items: [] });
      expect((await desks.agent(agentId)).presence).toMatchObject({ loggedIn: false, status: 'offline' });
    }
  });

  it.each([
    ['tab_based_only', 'ENDED', 'ACTIVE'],
    ['never', 'WAITING', 'ACTIVE'],
  ])('D2 logoutEndsSessions %s: tab-based %s, status-based %s', async (logoutEndsSessions, ofTab, ofStatus) => {
    for (const [desks, becomes] of [
      [tab, ofTab],
      [status, ofStatus],
    ] as const) {
      await desks.configure(`UPDATE app SET settings = settings || $2 WHERE id = $1`, desks.appId, {
        logoutEndsSessions,
      });
      const agentId = await desks.hire(4);
      const { conversationId } = await desks.taken(agentId);
      await desks.presence.logout(desks.errand(agentId), true);
      expect(await desks.session(conversationId)).toMatchObject({ status: becomes });
    }
  });
});
