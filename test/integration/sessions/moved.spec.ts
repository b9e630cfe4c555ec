import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readersOf, type Readers } from '../../support/readers.js';
import { made, openStage, refusal, type Caller, type Json, type Stage } from '../tenancy/stage.js';

let stage: Stage;
let readers: Readers;
let blue: string;
beforeAll(async () => {
  stage = await openStage();
  readers = await readersOf(stage, 'moved');
  blue = await queueOf(readers);
  const { tenant, agents, sessionId, queueId } = readers;
  const back = await agents.owner.caller.post(`${tenant.path}/sessions/${sessionId}/transfer`, { queueId });
  expect([back.status, back.body.session.status]).toEqual([200, 'WAITING']);
});
afterAll(() => stage?.close());

async function queueOf({ tenant: { caller, path } }: Readers): Promise<string> {
  return made(await caller.post(`${path}/queues`, { name: 'blue', teams: ['green'] })).queue.id;
}

const move = (caller: Caller, body: object) =>
  caller.post(`${readers.tenant.path}/sessions/${readers.sessionId}/transfer`, body);

const waiting = async (): Promise<Json> =>
  (await readers.tenant.caller.get(`${readers.tenant.path}/sessions/${readers.sessionId}`)).body.session;

describe('a session that waits is moved to another queue', () => {
  it('by nobody but who leads it, and to no queue of another app', async () => {
    const { agents, tenant } = readers;
    for (const kind of ['other', 'owner', 'supervisorOfOtherTeam'] as const)
      expect([kind, ...refusal(await move(agents[kind].caller, { queueId: blue })).slice(0, 2)]).toEqual([
        kind,
        403,
        'supervisor_required',
      ]);
    const foreign = await queueOf(await readersOf(stage, 'foreign'));
    for (const caller of [agents.supervisorOfTeam.caller, tenant.caller])
      expect(refusal(await move(caller, { queueId: foreign })).slice(0, 2)).toEqual([404, 'destination_not_found']);
    expect(refusal(await move(tenant.caller, { agentId: agents.owner.id })).slice(0, 2)).toEqual([
      409,
      'session_waiting',
    ]);
    expect((await waiting()).queueId).toBe(readers.queueId);
  });

  it('by a supervisor of its team and by a key; it keeps its place, and the timeline says who', async () => {
    const { agents, tenant, conversationId, queueId } = readers;
    const { requestedAt } = (await waiting()).waiting;
    const there = await move(agents.supervisorOfTeam.caller, { queueId: blue });
    expect([there.status, there.body.session]).toMatchObject([
      200,
      { status: 'WAITING', queueId: blue, waiting: { requestedAt } },
    ]);
    const back = await move(tenant.caller, { queueId });
    expect([back.status, back.body.session]).toMatchObject([200, { queueId, waiting: { requestedAt } }]);
    const { timeline } = (await tenant.caller.get(`${tenant.path}/conversations/${conversationId}/timeline`)).body;
    const moves = timeline.filter(({ type, data }: Json) => type === 'sessionQueued' && data.from === 'WAITING');
    expect(moves.map(({ data }: Json) => [data.queueId, data.by])).toEqual([
      [blue, { type: 'agent', id: agents.supervisorOfTeam.id }],
      [queueId, { type: 'app', id: tenant.key.id }],
    ]);
  });
});
