import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentId } from '../../../src/kernel/index.js';
import { startDesks, type Desks, type Taken } from '../../support/desks.js';
import { spawnLeaver } from '../../support/sweeper-process.js';
import { until } from '../../support/until.js';

const ROUNDS = Number(process.env['SWITCHBOARD_TEST_AGENT_KILLS'] ?? 3);
const AGENTS = 8;
const EACH = 3;

interface Leaving {
  readonly agentId: AgentId;
  readonly taken: readonly Taken[];
}

describe('a process that dies while agents log out', () => {
  let desks: Desks;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    desks = await startDesks({ model: 'tab_based', weight: 1 });
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await desks?.close();
  });

  const leaving = (): Promise<Leaving[]> =>
    Promise.all(
      Array.from({ length: AGENTS }, async () => {
        const agentId = await desks.hire(EACH);
        return { agentId, taken: await Promise.all(Array.from({ length: EACH }, () => desks.taken(agentId))) };
      }),
    );

  async function undone(ids: readonly AgentId[]): Promise<number> {
    const { rows } = await desks.sql.query('SELECT count(*)::int AS n FROM agent_departure WHERE agent_id = ANY($1)', [
      ids,
    ]);
    return rows[0].n;
  }

  it('M-14 M-11 leaves nobody half gone: another process ends each session once', async () => {
    let hit = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const agents = await leaving();
      const ids = agents.map(({ agentId }) => agentId);
      const dying = spawnLeaver(desks.url, desks.appId, ids, null);
      children.push(dying);
      await until(() => undone(ids), { what: 'an agent to log out' });
      await pause(Math.random() * 30);
      dying.kill('SIGKILL');
      await until(() => dying.signalCode !== null, { what: 'the process to be dead' });
      hit += await undone(ids);
      const next = spawnLeaver(desks.url, desks.appId, [], 'sweeps');
      children.push(next);
      await until(async () => (await undone(ids)) === 0, { what: 'the next process to go on' });
      next.kill('SIGKILL');
      let gone = 0;
      for (const { agentId, taken } of agents) {
        const { presence, work } = await desks.agent(agentId);
        gone += presence.loggedIn ? 0 : 1;
        expect(work.length).toBe(presence.loggedIn ? EACH : 0);
        for (const { conversationId } of taken) {
          const { status } = await desks.session(conversationId);
          expect(status).toBe(presence.loggedIn ? 'ACTIVE' : 'ENDED');
          expect(await desks.count(conversationId, 'sessionEnded')).toBe(presence.loggedIn ? 0 : 1);
        }
        // Also counts their numbers.
        expect((await desks.told(agentId)).filter((name) => name === 'agent.presence_changed')).toHaveLength(
          presence.loggedIn ? 0 : 1,
        );
      }
      expect(gone).toBeGreaterThan(0);
    }
    // The kills hit what they were to hit.
    expect(hit).toBeGreaterThan(0);
  }, 120_000);
});
