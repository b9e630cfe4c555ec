import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Errand } from '../../../src/conversation/index.js';
import type { AgentId, AppId, ConversationId, UserId } from '../../../src/kernel/index.js';
import { newId } from '../../../src/platform/ids.js';
import { startFloor, type Floor } from '../../support/floor.js';

/** A group of the ledger carries commands of several apps: what is locked for one must not be there for another. */
let floor: Floor;
const other = newId<AppId>();
const theirs = newId<AgentId>();
let mine: AgentId;

beforeAll(async () => {
  floor = await startFloor();
  mine = await floor.hire();
  await copy('app', floor.appId, { id: other });
  await copy('agent', mine, { id: theirs, app_id: other });
});
afterAll(() => floor?.close());

async function copy(table: string, id: string, changes: object): Promise<void> {
  const text = `INSERT INTO ${table} SELECT (jsonb_populate_record(t, $1)).* FROM ${table} t WHERE id = $2`;
  await floor.sql.query(text, [changes, id]);
}

const errand = (appId: AppId, conversationId: ConversationId): Errand => ({
  appId,
  conversationId,
  by: floor.app,
  idempotency: null,
});

const observe = ({ appId, conversationId }: Errand, agentId: AgentId) =>
  floor.commands.run(errand(appId, conversationId), {
    type: 'observeSession',
    by: floor.app,
    agentId,
    present: true,
  });

const writtenIn = async (conversationId: ConversationId): Promise<string> =>
  (await floor.sql.query(`SELECT xmin FROM conversation WHERE id = $1`, [conversationId])).rows[0].xmin;

describe('commands of two apps in one transaction', () => {
  it('see agents and users of their own app alone', async () => {
    const [first, second, third] = await Promise.all([floor.waiting(), floor.waiting(), floor.waiting()]);
    const theirConversation = newId<ConversationId>();
    await copy('conversation', third.conversationId, { id: theirConversation, app_id: other, is_default: false });
    const stranger = newId<UserId>();
    await copy('app_user', third.user.userId, { id: stranger, app_id: other, external_id: null });

    const [foreign, own, there, join] = await Promise.allSettled([
      observe(errand(floor.appId, first.conversationId), theirs),
      observe(errand(floor.appId, second.conversationId), mine),
      observe(errand(other, theirConversation), theirs),
      floor.commands.open(floor.appId, floor.app, { ...GROUP, participants: [stranger] }, null),
    ]);
    expect(foreign).toMatchObject({ status: 'rejected', reason: { code: 'agent_not_found' } });
    expect(join).toMatchObject({ status: 'rejected', reason: { code: 'user_not_found' } });
    expect([own.status, there.status]).toEqual(['fulfilled', 'fulfilled']);
    // One group: else this proves nothing.
    expect(await writtenIn(second.conversationId)).toBe(await writtenIn(theirConversation));
  });
});

const GROUP = {
  type: 'sdkGroup',
  userId: null,
  displayName: null,
  description: null,
  iconUrl: null,
  metadata: {},
} as const;
