import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AgentId } from '../../../src/kernel/index.js';
import { startDesks, type Desks, type Taken } from '../../support/desks.js';
import { agentActor } from '../../support/floor.js';
import { until } from '../../support/until.js';

let tab: Desks;
let status: Desks;
let resting: Desks;
beforeAll(async () => {
  tab = await startDesks({ model: 'tab_based', weight: 2 });
  status = await startDesks({ model: 'status_based', weight: 2 });
  const afterWork = { seconds: 1, extensionSeconds: 1, mostExtensions: 2 };
  resting = await startDesks({ model: 'tab_based', weight: 2, afterWork });
});
afterAll(() => Promise.all([tab?.close(), status?.close(), resting?.close()]));

async function end(desks: Desks, agentId: AgentId, { conversationId, sessionId }: Taken): Promise<void> {
  const by = agentActor(agentId);
  const errand = { appId: desks.appId, conversationId, by, idempotency: null };
  const { decision } = await desks.commands.end(errand, sessionId, { via: 'window' });
  expect(decision.ok).toBe(true);
}

const close = (
  desks: Desks,
  agentId: AgentId,
  { workItemId }: Taken,
  choice: 'end' | 'inactivate' | null = null,
  notes: string | null = null,
) => desks.tabs.close(desks.errand(agentId), agentActor(agentId), workItemId, { choice, notes });

describe('the tab of a session', () => {
  it('L-4 M-7 stays open after the end, and notes can be saved on it', async () => {
    const agentId = await tab.hire(2);
    const taken = await tab.taken(agentId);
    await end(tab, agentId, taken);
    expect(await tab.tabs.view(tab.errand(agentId), taken.workItemId)).toMatchObject({ status: 'over', tabOpen: true });
    const saved = await tab.tabs.save(tab.errand(agentId), taken.workItemId, 'was kind', false);
    expect(saved).toMatchObject({ notes: 'was kind', unsavedNotes: null });
    expect(await tab.work(agentId)).toEqual({ used: 2, items: ['over'] });
  });

  it('L-5 M-7 X-1 closing it frees the capacity, and saves what was not saved', async () => {
    const agentId = await tab.hire(2);
    const taken = await tab.taken(agentId);
    await end(tab, agentId, taken);
    await tab.tabs.save(tab.errand(agentId), taken.workItemId, 'half a sen', true);
    expect(await tab.work(agentId)).toEqual({ used: 2, items: ['over'] });
    expect(await close(tab, agentId, taken)).toMatchObject({
      status: 'closed',
      closedBecause: 'tab_closed',
      notes: 'half a sen',
      unsavedNotes: null,
    });
    expect(await tab.work(agentId)).toEqual({ used: 0, items: [] });
    expect(await tab.offered(agentId)).toBeDefined();
  });

  it('L-5 a save that fails keeps the tab and the capacity', async () => {
    const agentId = await tab.hire(2);
    const taken = await tab.taken(agentId);
    await end(tab, agentId, taken);
    await tab.sql.query(
      `ALTER TABLE work_item ADD CONSTRAINT unsavable CHECK (notes IS DISTINCT FROM 'lost') NOT VALID`,
    );
    await tab.tabs.save(tab.errand(agentId), taken.workItemId, 'lost', true);
    await expect(close(tab, agentId, taken)).rejects.toThrow('unsavable');
    expect(await tab.work(agentId)).toEqual({ used: 2, items: ['over'] });
    expect(await tab.tabs.view(tab.errand(agentId), taken.workItemId)).toMatchObject({
      status: 'over',
      tabOpen: true,
      unsavedNotes: 'lost',
    });
    await tab.sql.query('ALTER TABLE work_item DROP CONSTRAINT unsavable');
    expect(await close(tab, agentId, taken)).toMatchObject({ status: 'closed', notes: 'lost' });
  });

  it('T22 of a live session asks what becomes of it', async () => {
    const agentId = await tab.hire(4);
    const [ended, rested] = [await tab.taken(agentId), await tab.taken(agentId)];
    await expect(close(tab, agentId, ended)).rejects.toMatchObject({ code: 'choice_required' });
    expect(await tab.session(ended.conversationId)).toMatchObject({ status: 'ACTIVE' });
    expect(await close(tab, agentId, ended, 'end', 'all said')).toMatchObject({ status: 'closed', notes: 'all said' });
    expect(await tab.session(ended.conversationId)).toMatchObject({ status: 'ENDED', end: { reason: 'agent_ended' } });
    expect(await close(tab, agentId, rested, 'inactivate')).toMatchObject({
      status: 'closed',
      closedBecause: 'inactive',
    });
    expect(await tab.session(rested.conversationId)).toMatchObject({ status: 'INACTIVE' });
    expect(await tab.work(agentId)).toEqual({ used: 0, items: [] });
  });

  it('T23 status-based: closing it touches neither status nor owner nor capacity', async () => {
    const agentId = await status.hire(2);
    const taken = await status.taken(agentId);
    expect(await close(status, agentId, taken)).toMatchObject({ status: 'open', tabOpen: false });
    expect(await status.session(taken.conversationId)).toMatchObject({ status: 'ACTIVE', human: { owner: agentId } });
    expect(await status.work(agentId)).toEqual({ used: 2, items: ['open'] });
    await end(status, agentId, taken);
    expect(await status.work(agentId)).toEqual({ used: 0, items: [] });
  });

  it('closed again answers with what was closed; its notes are final', async () => {
    const agentId = await tab.hire(2);
    const taken = await tab.taken(agentId);
    await end(tab, agentId, taken);
    const first = await close(tab, agentId, taken, null, 'done');
    expect(await close(tab, agentId, taken, null, 'other')).toEqual(first);
    const late = tab.tabs.save(tab.errand(agentId), taken.workItemId, 'late', false);
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
  });

  it("is nobody else's", async () => {
    const [agentId, other] = [await tab.hire(2), await tab.hire(2)];
    const taken = await tab.taken(agentId);
    await expect(close(tab, other, taken)).rejects.toMatchObject({ code: 'work_item_not_found' });
  });
});

describe('work after a conversation', () => {
  it('X-6 K-10 holds capacity until its time is over, each extension added', async () => {
    const agentId = await resting.hire(2);
    const taken = await resting.taken(agentId);
    await end(resting, agentId, taken);
    expect(await resting.work(agentId)).toEqual({ used: 2, items: ['afterWork'] });
    const before = (await resting.agent(agentId)).work[0]?.afterWork?.until ?? 0;
    const errand = resting.errand(agentId);
    await resting.tabs.afterWork(errand, taken.workItemId, 'extendAfterWork');
    const extended = await resting.tabs.afterWork(errand, taken.workItemId, 'extendAfterWork');
    expect(Date.parse(extended.afterWork?.until ?? '') - before).toBe(2_000);
    const third = resting.tabs.afterWork(errand, taken.workItemId, 'extendAfterWork');
    await expect(third).rejects.toMatchObject({ code: 'no_extension_left' });

    const over = await until(
      async () => {
        await resting.sweep.sweep();
        const { rows } = await resting.sql.query<{ now: number; open_items: number }>(
          `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now, open_items FROM agent WHERE id = $1`,
          [agentId],
        );
        return rows[0]?.open_items === 0 && rows[0].now;
      },
      { what: 'the end of work after the conversation' },
    );
    expect(over).toBeGreaterThanOrEqual(before + 2_000);
    expect(await resting.work(agentId)).toEqual({ used: 0, items: [] });
    const timers = await resting.sql.query('SELECT 1 FROM agent_timer WHERE agent_id = $1', [agentId]);
    expect(timers.rowCount).toBe(0);
    expect(await resting.told(agentId)).toEqual([
      'capacity.changed',
      'after_work.started',
      'after_work.moved',
      'after_work.moved',
      'work_item.closed',
      'capacity.changed',
    ]);
  });

  it('X-6 is over when the agent says so', async () => {
    const agentId = await resting.hire(2);
    const taken = await resting.taken(agentId);
    await end(resting, agentId, taken);
    await resting.tabs.afterWork(resting.errand(agentId), taken.workItemId, 'finishAfterWork');
    expect(await resting.work(agentId)).toEqual({ used: 0, items: [] });
  });
});
