import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationStore } from '../../../src/configuration/index.js';
import { ConversationBook } from '../../../src/conversation/index.js';
import { DEEDS, perform } from '../../support/deeds.js';
import { startStage, type Stage } from '../../support/stage.js';

/** Statements of the hot path by name, as they were really sent. */
const sent = new Map<string, string>();
let stage: Stage;

beforeAll(async () => {
  stage = await startStage(
    { endSessionEnabled: true, onEnd: { endUser: 'pass:survey', agent: 'release', bot: 'release', system: 'release' } },
    (text, name) => sent.set(name, text),
  );
  const book = new ConversationBook(new ConfigurationStore(stage.db));
  const locks = book.locks.bind(book);
  const reads = book.reads.bind(book);
  // The stage's own book is out of reach; the same requests through another give the same statements.
  const spy = stage.commands as unknown as { ledger: { submit(request: never): Promise<unknown> } };
  const { ledger } = spy;
  spy.ledger = {
    submit: (request) => {
      for (const { name, text } of [...locks([request]), ...reads([request])]) sent.set(name, text);
      return ledger.submit(request);
    },
  };
  const user = await stage.user();
  const id = await stage.open(user);
  for (const deed of [...DEEDS, 'deskWrites', 'botOffersBriefly', 'userWrites'] as const) {
    await perform(deed, stage, id, user);
  }
  await stage.commands.run(
    { appId: stage.appId, conversationId: await stage.open(user), by: stage.app, idempotency: null },
    { type: 'removeConversation', by: stage.app },
  );
}, 60_000);
afterAll(() => stage?.close());

/** As the server sends it: bound by the policies, which change how a statement can be planned. */
async function scans(name: string): Promise<string[] | null> {
  await stage.sql.query('SET ROLE switchboard_server');
  try {
    const { rows } = await stage.sql.query(`EXPLAIN (GENERIC_PLAN) ${sent.get(name)}`);
    const plan = rows.map((row) => row['QUERY PLAN'] as string);
    return plan.join('\n').match(/Seq Scan on \w+/g) ?? wholeApps(plan);
  } finally {
    await stage.sql.query('RESET ROLE');
  }
}

/** An index that is read for all that an app has. */
function wholeApps(plan: readonly string[]): string[] | null {
  const found = plan.filter(
    (line) => /Index Cond:/.test(line) && !/[a-z_]*(id|seq|kind)\b/.test(line.replaceAll('app_id', '')),
  );
  return found.length === 0 ? null : found;
}

describe('every statement of a command', () => {
  it('finds its rows by an index, also when planned on a fresh schema', async () => {
    await stage.sql.query(`SET plan_cache_mode = force_generic_plan`);
    for (const off of ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) {
      await stage.sql.query(`SET ${off} = off`);
    }
    expect([...sent.keys()].sort()).toEqual(
      expect.arrayContaining([
        'book_lock_conversations',
        'book_lock_conversations_and_defaults',
        'book_lock_users',
        'book_read_removals',
        'book_read_users',
        'outbox_insert',
        'write_conversation',
        'write_conversation_details',
        'write_conversation_removed',
        'write_conversation_state',
        'write_event',
        'write_message',
        'write_message_removed',
        'write_participant',
        'write_read',
        'write_refusal',
        'write_session',
        'write_timer',
      ]),
    );
    for (const name of sent.keys()) expect([name, await scans(name)]).toEqual([name, null]);
  });

  it('would be caught reading a whole table', async () => {
    await stage.sql.query('BEGIN; DROP INDEX timer_of_conversation');
    expect(await scans('write_timer')).toEqual(['Seq Scan on timer']);
    await stage.sql.query('ROLLBACK');
    sent.set('all_of_an_app', 'SELECT id FROM app_user WHERE app_id = $1');
    expect(await scans('all_of_an_app')).toEqual([expect.stringContaining('Index Cond: ')]);
  });
});
