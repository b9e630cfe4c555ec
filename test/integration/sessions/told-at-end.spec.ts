import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SessionEnded } from '../../../sdk/index.js';
import { granted, type Actor } from '../../../src/conversation/index.js';
import type { AgentId, ConversationId, WorkItemId } from '../../../src/kernel/index.js';
import { startDesks, type Desks } from '../../support/desks.js';
import { agentActor } from '../../support/floor.js';
import { userText } from '../../support/stage.js';

/** Ends pass control to the survey bot first, so that the end and its announcement are two transactions. */
const passing = { onEnd: { agent: 'pass:survey' } };
let floor: Desks;
beforeAll(async () => {
  floor = await startDesks({ model: 'tab_based', weight: 2 }, passing);
  await floor.configure(`UPDATE service_channel SET agent_ended_as = 'email' WHERE app_id = $1`, floor.appId);
});
afterAll(() => floor?.close());

const errand = (conversationId: ConversationId, by: Actor) => ({
  appId: floor.appId,
  conversationId,
  by,
  idempotency: null,
});

async function told(conversationId: ConversationId): Promise<SessionEnded> {
  const { rows } = await floor.sql.query<{ body: string }>(
    `SELECT body FROM outbox WHERE conversation_id = $1 AND body::jsonb ->> 'type' = 'switchboard.v1.session.ended'`,
    [conversationId],
  );
  expect(rows).toHaveLength(1);
  return JSON.parse(rows[0]?.body ?? '').data;
}

async function ends(conversationId: ConversationId, agentId: AgentId): Promise<void> {
  const by = agentActor(agentId);
  granted(await floor.commands.end(errand(conversationId, by), null, { via: 'window' }));
  const release = { type: 'releaseControl', by: floor.survey.by, metadata: null, reason: null } as const;
  granted(await floor.commands.run(errand(conversationId, floor.survey.by), release));
}

async function offered(agentId: AgentId): Promise<WorkItemId> {
  const id = (await floor.agent(agentId)).work.find(({ status }) => status === 'offered')?.id;
  if (!id) throw new Error('nothing is offered');
  return id;
}

describe('session.ended', () => {
  it('A-6, X-10 says how the ticket counts and whose it was, also behind a post-end flow', async () => {
    const agentId = await floor.hire(4, { teams: ['night'] });
    const { conversationId } = await floor.taken(agentId);
    await ends(conversationId, agentId);
    expect(await told(conversationId)).toMatchObject({ endedBy: { type: 'agent' }, routing: { treatAs: 'email' } });
    expect((await told(conversationId)).owner).toEqual({ agentId, teamId: 'night' });
  });

  it.each([true, false])('says whether the conversation is open then (closed by its end: %s)', async (closes) => {
    const settings = JSON.stringify({ multiConvoEnabled: true, disableConversationReopen: closes });
    await floor.configure(`UPDATE app SET settings = settings || $2 WHERE id = $1`, floor.appId, settings);
    const agentId = await floor.hire();
    const { conversationId } = await floor.taken(agentId);
    await ends(conversationId, agentId);
    expect((await told(conversationId)).conversation).toEqual({
      open: !closes,
      endUserCanReply: !closes,
      reopenAllowed: !closes,
    });
  });

  it('says that the end user cannot reply where no message fits any more, and asks nothing there', async () => {
    const settings = JSON.stringify({ multiConvoEnabled: true, disableConversationReopen: false });
    await floor.configure(`UPDATE app SET settings = settings || $2 WHERE id = $1`, floor.appId, settings);
    const agentId = await floor.hire();
    const { conversationId } = await floor.taken(agentId);
    await floor.configure(
      `UPDATE conversation SET state = jsonb_set(state, '{messageCount}', '30000') WHERE app_id = $1 AND id = $2`,
      floor.appId,
      conversationId,
    );
    await ends(conversationId, agentId);
    const { conversation, csat } = await told(conversationId);
    expect(conversation).toEqual({ open: true, endUserCanReply: false, reopenAllowed: true });
    expect(csat.channelHint).toBe('none');
  });

  it('L-4, M-7 says that a tab is open and its capacity is not free, also behind a post-end flow', async () => {
    const agentId = await floor.hire();
    const { conversationId, workItemId } = await floor.taken(agentId);
    await ends(conversationId, agentId);
    expect(await floor.work(agentId)).toEqual({ used: 2, items: ['over'] });
    expect((await told(conversationId)).workItems).toMatchObject([
      { id: workItemId, agentId, status: 'over', tabOpen: true, capacityReleased: false },
    ]);
  });

  it('K-12 says so of whoever handed the session on and has the tab open still', async () => {
    const [mia, ben] = [await floor.hire(), await floor.hire()];
    const { conversationId, workItemId } = await floor.taken(mia);
    const transfer = { type: 'transferSession', by: agentActor(mia), to: { type: 'agent', agentId: ben } } as const;
    granted(await floor.commands.run(errand(conversationId, agentActor(mia)), transfer));
    const accept = { type: 'acceptWork', by: agentActor(ben), workItemId: await offered(ben) } as const;
    granted(await floor.commands.run(errand(conversationId, agentActor(ben)), accept));
    await ends(conversationId, ben);
    expect((await told(conversationId)).workItems).toMatchObject([
      { id: workItemId, agentId: mia, tabOpen: true, capacityReleased: false },
      { agentId: ben, tabOpen: true, capacityReleased: false },
    ]);
  });

  it('L-5 says that nothing is left of work whose tab was closed while the post-end flow ran', async () => {
    const agentId = await floor.hire();
    const { conversationId, workItemId } = await floor.taken(agentId);
    granted(await floor.commands.end(errand(conversationId, agentActor(agentId)), null, { via: 'window' }));
    await floor.agents.close(floor.errand(agentId), workItemId, null);
    const release = { type: 'releaseControl', by: floor.survey.by, metadata: null, reason: null } as const;
    granted(await floor.commands.run(errand(conversationId, floor.survey.by), release));
    expect((await told(conversationId)).workItems).toMatchObject([
      { id: workItemId, status: 'closed', tabOpen: false, capacityReleased: true },
    ]);
  });

  it.each(['tab_based', 'status_based'] as const)(
    'says the same, under %s, where the end user finds the post-end integration deleted',
    async (model) => {
      const desks = await startDesks({ model, weight: 2 }, passing);
      try {
        const agentId = await desks.hire();
        const { conversationId, workItemId, user } = await desks.taken(agentId);
        const by = agentActor(agentId);
        const at = (who: Actor) => ({ appId: desks.appId, conversationId, by: who, idempotency: null });
        granted(await desks.commands.end(at(by), null, { via: 'window' }));
        await desks.configure('DELETE FROM switchboard_integration WHERE id = $1', desks.survey.id);
        granted(await desks.commands.receive(at(user), user.userId, userText(user.userId)));
        const { rows } = await desks.sql.query<{ body: string }>(
          `SELECT body FROM outbox WHERE body::jsonb ->> 'type' = 'switchboard.v1.session.ended'`,
        );
        expect(rows.map(({ body }) => JSON.parse(body).data.workItems)).toMatchObject([
          [{ id: workItemId, agentId, tabOpen: true, capacityReleased: model === 'status_based' }],
        ]);
      } finally {
        await desks.close();
      }
    },
  );
});
