import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { startDesks, type Desks } from '../../support/desks.js';

type Line = Readonly<Record<string, unknown>>;

const lines: Line[] = [];
const write = (facts: Line, words: string): void => void lines.push({ ...facts, words });
Logger.overrideLogger({ warn: write, error: write, log: write });

let desks: Desks;
let other: Client;
beforeAll(async () => {
  desks = await startDesks({ model: 'tab_based', weight: 2 }, { agentDisconnectGraceSeconds: 0 });
  other = new Client({ connectionString: desks.url });
  await other.connect();
});
afterAll(async () => {
  await other?.end();
  await desks?.close();
});

/** As an operator does by hand who forgot the other window. */
async function whileSomebodyHolds(table: 'conversation' | 'agent', id: string, work: () => Promise<unknown>) {
  await other.query('BEGIN');
  await other.query(`SELECT FROM ${table} WHERE id = $1 FOR UPDATE`, [id]);
  await work().finally(() => other.query('ROLLBACK'));
}

describe('what cannot be carried out for an agent', () => {
  it('a conversation that cannot hear that its agent is gone is named in the log, until it has heard', async () => {
    const agentId = await desks.hire(4);
    const { conversationId } = await desks.taken(agentId);
    await whileSomebodyHolds('conversation', conversationId, async () => {
      await desks.presence.setStatus(desks.errand(agentId), 'offline', 'chosen');
      await desks.sweep.sweep();
    });
    const named = lines.filter((line) => line['conversationId'] === conversationId);
    expect(named).toEqual([
      expect.objectContaining({ appId: desks.appId, agentId, words: expect.stringMatching(/gone/) }),
    ]);
    await desks.sweep.sweep();
    expect((await desks.session(conversationId)).status).toBe('WAITING');
  });

  it('a timer of an agent that cannot be fired is named in the log', async () => {
    const agentId = await desks.hire(4);
    await other.query(
      `INSERT INTO agent_timer (id, app_id, agent_id, kind, subject, due_at)
       VALUES ($1, $2, $3, 'agentGrace', '', now() - interval '1 s')`,
      ['d'.repeat(24), desks.appId, agentId],
    );
    await whileSomebodyHolds('agent', agentId, () => desks.sweep.sweep());
    expect(lines).toContainEqual(expect.objectContaining({ appId: desks.appId, agentId, timerId: 'd'.repeat(24) }));
  });
});
