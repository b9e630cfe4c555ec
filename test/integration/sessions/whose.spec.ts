import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAY_READ, readersOf } from '../../support/readers.js';
import { openStage, type Caller, type Stage } from '../tenancy/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

describe('whose session it is, over HTTP', () => {
  it('says who sets its ticket', async () => {
    const readers = await readersOf(stage, 'tickets');
    const { tenant, agents, sessionId } = readers;
    const set = (caller: Caller) =>
      caller.send('PUT', `${tenant.path}/sessions/${sessionId}/ticket`, { id: 'T-1', status: 'open' });
    for (const kind of ['asked', 'observer', 'other', 'supervisorOfOtherTeam'] as const) {
      const { status, body } = await set(agents[kind].caller);
      expect([kind, status, body.errors?.[0]?.code]).toEqual([kind, 403, 'not_owner']);
    }
    for (const kind of ['owner', 'supervisorOfTeam', 'supervisor', 'admin'] as const)
      expect([kind, (await set(agents[kind].caller)).status]).toEqual([kind, 200]);
    expect((await set(tenant.caller)).status).toBe(200);
  });

  it('lets supervisors read what they may end, and the other way round', async () => {
    for (const kind of ['supervisorOfTeam', 'supervisorOfOtherTeam', 'supervisor'] as const) {
      const { tenant, agents, sessionId, conversationId } = await readersOf(stage, kind.toLowerCase());
      const { caller } = agents[kind];
      const { status } = await caller.get(`${tenant.path}/conversations/${conversationId}/messages`);
      const { results } = (await caller.post(`${tenant.path}/sessions/endMany`, { sessionIds: [sessionId] })).body;
      const wanted = status === 200 ? 'ended' : 'supervisor_required';
      expect([kind, status, results[0].result]).toEqual([kind, MAY_READ.has(kind) ? 200 : 404, wanted]);
    }
  });
});
