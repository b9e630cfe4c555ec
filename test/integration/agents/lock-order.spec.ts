import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { lockAgents } from '../../../src/agents/index.js';
import type { AgentId } from '../../../src/kernel/index.js';
import { startFloor, type Floor } from '../../support/floor.js';
import { plainClient } from '../../support/toy-ledger.js';
import { until } from '../../support/until.js';

let floor: Floor;
/** Takes its locks in order of ids, as everybody must. */
let neighbour: Client;
let group: Client;
beforeAll(async () => {
  floor = await startFloor();
  [neighbour, group] = await Promise.all([plainClient(floor.url), plainClient(floor.url)]);
  // The rows come as they lie: without an order of its own the statement locks the last id first.
  for (const off of ['enable_seqscan', 'enable_indexscan', 'enable_indexonlyscan']) {
    await group.query(`SET ${off} = off`);
  }
});
afterAll(async () => {
  await Promise.all([neighbour?.end(), group?.end()]);
  await floor?.close();
});

describe('the locks of agents, the last class', () => {
  it('are taken in order of ids, so that nobody waits in a circle', async () => {
    const like = await floor.hire();
    const hired = [1, 2, 3].map((n) => `00000000000000000000000${n}` as AgentId);
    const [first, , last] = hired as [AgentId, AgentId, AgentId];
    // The last id lies first.
    for (const id of hired.toReversed()) {
      await floor.sql.query(`INSERT INTO agent SELECT (jsonb_populate_record(a, $1)).* FROM agent a WHERE id = $2`, [
        { id },
        like,
      ]);
    }
    const { rows } = await group.query('SELECT pg_backend_pid() AS pid');
    await neighbour.query('BEGIN');
    await neighbour.query(`SELECT FROM agent WHERE id = $1 FOR UPDATE`, [first]);
    await group.query('BEGIN');
    const { text, values } = lockAgents([floor.appId], hired.toReversed());
    const locked = group.query(text, [...values]);
    const waits = `SELECT wait_event_type = 'Lock' AS it FROM pg_stat_activity WHERE pid = $1`;
    await until(async () => (await floor.sql.query(waits, [rows[0].pid])).rows[0].it, { what: 'the group to wait' });
    const next = neighbour.query(`SELECT id FROM agent WHERE id = $1 FOR UPDATE NOWAIT`, [last]);
    await expect(next.then((result) => result.rows)).resolves.toEqual([{ id: last }]);
    await neighbour.query('COMMIT');
    expect((await locked).rows.map(({ id }) => id)).toEqual(hired);
    await group.query('COMMIT');
  });
});
