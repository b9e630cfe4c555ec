import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { subjectOf, type AgentAnnounced } from '../../../sdk/index.js';
import { startDesks, type Desks } from '../../support/desks.js';
import { agentActor } from '../../support/floor.js';

interface Published {
  readonly subject: string;
  readonly body: { readonly type: string; readonly subject: string; readonly data: AgentAnnounced };
}

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const schemaOf = (name: string) =>
  ajv.compile(JSON.parse(readFileSync(new URL(`../../../sdk/schemas/${name}.json`, import.meta.url), 'utf8')));

let desks: Desks;
beforeAll(async () => {
  const afterWork = { seconds: 60, extensionSeconds: 60, mostExtensions: 1 };
  desks = await startDesks({ model: 'status_based', weight: 2, pausedWeight: 0.5, afterWork });
});
afterAll(() => desks?.close());

/** Comes, takes a session, parks it, gets it back, ends it, asks for more time and goes. */
async function aDay() {
  const agentId = await desks.hire(4);
  const errand = desks.errand(agentId);
  await desks.presence.login(errand, 'elsewhere', 'online');
  const taken = await desks.taken(agentId);
  const { appId } = desks;
  const { conversationId, user, workItemId } = taken;
  const by = agentActor(agentId);
  const own = { appId, conversationId, by, idempotency: null };
  await desks.commands.run(own, { type: 'inactivateSession', by });
  const author = { type: 'user', userId: user.userId } as const;
  const content = { type: 'text', text: 'still there?' };
  const draft = { author, content, source: { type: 'web' }, metadata: null };
  await desks.commands.receive({ ...own, by: user }, user.userId, draft);
  await desks.commands.end(own, taken.sessionId, { via: 'window' });
  await desks.tabs.afterWork(errand, workItemId, 'extendAfterWork');
  await desks.tabs.close(errand, by, workItemId, { choice: null, notes: null });
  await desks.presence.logout(errand, false);
  return { agentId, conversationId };
}

describe('what the world hears of an agent', () => {
  it('is as its schemas say, in the line of the agent, each with what caused it', async () => {
    const { agentId, conversationId } = await aDay();
    const { rows } = await desks.sql.query<Published>(
      'SELECT subject, body::jsonb AS body FROM outbox WHERE conversation_id = $1 ORDER BY seq',
      [agentId],
    );
    const names = rows.map(({ body }) => body.type.replace('switchboard.v1.', ''));
    expect(names).toEqual([
      'agent.presence_changed',
      'agent.presence_changed',
      'capacity.changed',
      'work_item.paused',
      'capacity.changed',
      'work_item.unpaused',
      'capacity.changed',
      'after_work.started',
      'after_work.moved',
      'work_item.closed',
      'capacity.changed',
      'agent.presence_changed',
    ]);
    const { rows: events } = await desks.sql.query<{ id: string }>('SELECT id FROM event WHERE conversation_id = $1', [
      conversationId,
    ]);
    const causes = new Set(events.map(({ id }) => id));
    for (const [index, { subject, body }] of rows.entries()) {
      const name = names[index] ?? '';
      const valid = schemaOf(name);
      expect([name, valid(body) ? null : valid.errors]).toEqual([name, null]);
      expect(subject).toBe(subjectOf(name, desks.appId, agentId));
      expect(body).toMatchObject({ subject: agentId, data: { agentId, agentSeq: index + 1 } });
      // What the conversation did to the agent: from the offer to the work after it.
      const caused = index >= 2 && index <= 7;
      expect([index, causes.has(body.data.causationId ?? '')]).toEqual([index, caused]);
    }
  });
});
