import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Db } from '../../../src/platform/postgres/index.js';
import { readersOf, type ReaderKind, type Readers } from '../../support/readers.js';
import { openStage, type Answer, type Json, type Stage } from '../tenancy/stage.js';
import { unbound } from '../../support/unbound.js';

let stage: Stage;
let readers: Readers;
let transcript: string;
beforeAll(async () => {
  stage = await openStage();
  readers = await readersOf(stage, 'log');
  transcript = `${readers.tenant.path}/conversations/${readers.conversationId}/messages`;
});
afterAll(() => stage?.close());

const reads = (kind: ReaderKind, path = transcript): Promise<Answer> =>
  readers.agents[kind].caller.send('GET', path, undefined, { 'x-request-id': `by-${kind}` });

async function logged(filter = ''): Promise<Json[]> {
  const { tenant } = readers;
  const { body } = await tenant.caller.get(`${tenant.path}/audit?filter[action]=transcript.read&${filter}`);
  return body.entries;
}

describe('that a transcript is read', () => {
  it('is told by the timeline of who has the session, is asked or looks on, and of keys by nothing', async () => {
    for (const kind of ['owner', 'asked', 'observer'] as const) expect((await reads(kind)).status).toBe(200);
    for (const caller of [readers.tenant.caller, readers.bot.caller, stage.account])
      expect((await caller.get(transcript)).status).toBe(200);
    for (const kind of ['other', 'supervisorOfOtherTeam'] as const) expect((await reads(kind)).status).toBe(404);
    expect(await logged()).toEqual([]);
  });

  it('is in the audit log of whoever else reads: once an hour for each conversation, whatever pages they turn', async () => {
    const { tenant, agents, conversationId, sessionId } = readers;
    const path = `${tenant.path}/conversations/${conversationId}`;
    for (const other of [path, `${path}/timeline`, `${path}/participants`])
      expect((await reads('admin', other)).status).toBe(200);
    expect(await logged()).toEqual([]);

    const oldest = (await reads('owner')).body.messages[0].id;
    await Promise.all(Array.from({ length: 8 }, () => reads('supervisorOfTeam')));
    await reads('supervisorOfTeam', `${transcript}?page[before]=${oldest}`);
    await reads('supervisorOfTeam', `${tenant.path}/sessions/${sessionId}/messages`);
    await reads('admin');
    const { id } = agents.supervisorOfTeam;
    const entries = await logged(`filter[subject]=${conversationId}`);
    expect(entries.map(({ by }) => by.agentId)).toEqual([id, agents.admin.id]);
    expect(entries[0]).toMatchObject({
      action: 'transcript.read',
      subject: conversationId,
      by: { type: 'agent', agentId: id },
      requestId: 'by-supervisorOfTeam',
      before: null,
      after: null,
    });
    expect(await logged(`filter[actor]=${id}`)).toEqual([entries[0]]);
    const { verification } = (await tenant.caller.get(`${tenant.path}/audit/verify`)).body;
    expect(verification).toMatchObject({ complete: true, broken: null });
  });

  it('is logged of an agent too who reads an earlier conversation that was never theirs', async () => {
    await reads('owner', `${readers.tenant.path}/conversations/${readers.earlierId}/messages`);
    const entries = await logged(`filter[subject]=${readers.earlierId}`);
    expect(entries.map(({ by }) => by.agentId)).toEqual([readers.agents.owner.id]);
  });

  it('is logged anew an hour later', async () => {
    const before = await logged(`filter[actor]=${readers.agents.admin.id}`);
    // As if it had been written then: the log itself refuses every change.
    await unbound(stage.started.app.get(Db))
      .transaction()
      .execute(async (tx) => {
        await sql`ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays`.execute(tx);
        await sql`UPDATE audit_entry SET at = at - interval '61 minutes' WHERE app_id = ${readers.tenant.id}`.execute(
          tx,
        );
        await sql`ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_stays`.execute(tx);
      });
    await reads('admin');
    await reads('admin');
    expect(await logged(`filter[actor]=${readers.agents.admin.id}`)).toHaveLength(before.length + 1);
  });

  it('is no reading while it cannot be logged', async () => {
    const kysely = unbound(stage.started.app.get(Db));
    const path = `${readers.tenant.path}/conversations/${readers.laterId}/messages`;
    await kysely.transaction().execute(async (tx) => {
      await sql`SELECT FROM audit_chain WHERE app_id = ${readers.tenant.id} FOR UPDATE`.execute(tx);
      const { status, body } = await reads('supervisor', path);
      expect(status).toBeGreaterThanOrEqual(500);
      expect(body.messages).toBeUndefined();
    });
    expect((await reads('supervisor', path)).status).toBe(200);
  });
});
