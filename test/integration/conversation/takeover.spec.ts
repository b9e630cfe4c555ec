import { afterEach, describe, expect, it } from '@jest/globals';
import type { ConversationId } from '../../../src/kernel/index.js';
import { businessText, startStage, type Stage } from '../../support/stage.js';

/** Take-overs per run: 1,000, or what the deep run asks for. */
const ROUNDS = Number(process.env['SWITCHBOARD_TEST_TAKEOVERS'] ?? 1_000);
const AT_ONCE = 50;

let stage: Stage;
afterEach(() => stage?.close());

/**
 * The bot posts five times while the desk takes over at a moment that differs each time: at once, or when one of the posts
 * was answered and the next ones are under way. A pass goes before posts that wait, so sent together it would be first.
 */
async function takeOver(conversationId: ConversationId, round: number): Promise<void> {
  const errand = (by: Stage['app']) => ({ appId: stage.appId, conversationId, by, idempotency: null });
  const post = (n: number) => stage.commands.send(errand(stage.bot.by), null, businessText(`reply ${n}`));
  const pass = () =>
    stage.commands.run(errand(stage.desk.by), {
      type: 'passControl',
      by: stage.desk.by,
      target: 'desk',
      metadata: null,
      reason: null,
    });
  const posts = Array.from({ length: 5 }, (_, n) => post(n));
  const answered = round % 6 === 0 ? null : posts[(round % 6) - 1];
  await Promise.all([...posts, (answered ?? Promise.resolve()).then(pass)]);
}

/** Messages in the record that a linked integration sent while another one held control. */
async function sentWithoutControl(): Promise<number> {
  const { rows } = await stage.sql.query<{ conversation_id: string; type: string; data: Record<string, unknown> }>(
    `SELECT conversation_id, type, data FROM event ORDER BY conversation_id, seq`,
  );
  let wrong = 0;
  const holders = new Map<string, unknown>();
  for (const { conversation_id, type, data } of rows) {
    if (type === 'controlAssigned' || type === 'controlPassed') holders.set(conversation_id, data['to']);
    else if (type === 'messageSent' && data['sender'] !== holders.get(conversation_id)) wrong++;
  }
  return wrong;
}

async function play(): Promise<{ stored: number; refused: number }> {
  const users = await Promise.all(Array.from({ length: AT_ONCE }, () => stage.user()));
  for (let done = 0; done < ROUNDS; done += AT_ONCE) {
    const conversations = await Promise.all(users.map((user) => stage.open(user)));
    await Promise.all(conversations.map((id, n) => takeOver(id, done + n)));
  }
  const counted = await stage.sql.query<{ stored: number; refused: number }>(
    `SELECT (SELECT count(*)::int FROM message) AS stored, (SELECT count(*)::int FROM refusal) AS refused`,
  );
  return counted.rows[0] ?? { stored: 0, refused: 0 };
}

describe(`${ROUNDS} take-overs while the bot posts (I3)`, () => {
  it('store no message of the bot once the desk holds control', async () => {
    stage = await startStage();
    const { stored, refused } = await play();
    expect(await sentWithoutControl()).toBe(0);
    // Both sides of the fence were tried, and nothing got lost between them.
    expect(stored).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
    expect(stored + refused).toBe(5 * ROUNDS);
  }, 300_000);

  it('would store some without the fence, so the test can see them', async () => {
    stage = await startStage();
    await stage.configure(`UPDATE switchboard SET control_enforcement = 'off'`);
    const { refused } = await play();
    expect(refused).toBe(0);
    expect(await sentWithoutControl()).toBeGreaterThan(0);
  }, 300_000);
});
