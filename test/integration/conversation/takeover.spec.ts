import { afterEach, describe, expect, it } from '@jest/globals';
import type { ConversationId } from '../../../src/kernel/index.js';
import { wordsInRecord } from '../../support/record-check.js';
import { businessText, startStage, type Seat, type Stage } from '../../support/stage.js';

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
  const posts = Array.from({ length: 5 }, (_, n) => post(conversationId, stage.bot, n));
  const answered = round % 6 === 0 ? null : posts[(round % 6) - 1];
  await Promise.all([...posts, (answered ?? Promise.resolve()).then(() => pass(conversationId, stage.desk))]);
}

/** The bot hands over by itself and goes on posting, the first of which are parting words; the desk's word ends them. */
async function handOver(conversationId: ConversationId): Promise<void> {
  const first = post(conversationId, stage.bot, 1);
  const passed = pass(conversationId, stage.bot);
  const parting = post(conversationId, stage.bot, 2);
  await Promise.all([first, passed, parting]);
  await Promise.all([post(conversationId, stage.desk, 3), post(conversationId, stage.bot, 4)]);
  await post(conversationId, stage.bot, 5);
}

const errand = (conversationId: ConversationId, { by }: Seat) =>
  ({ appId: stage.appId, conversationId, by, idempotency: null }) as const;

const post = (id: ConversationId, seat: Seat, n: number) =>
  stage.commands.send(errand(id, seat), null, businessText(`reply ${n}`));

const pass = (id: ConversationId, seat: Seat) =>
  stage.commands.run(errand(id, seat), {
    type: 'passControl',
    by: seat.by,
    target: 'desk',
    metadata: null,
    reason: null,
  });

async function play(): Promise<{ stored: number; refused: number }> {
  const users = await Promise.all(Array.from({ length: AT_ONCE }, () => stage.user()));
  for (let done = 0; done < ROUNDS; done += AT_ONCE) {
    const conversations = await Promise.all(users.map((user) => stage.open(user)));
    await Promise.all(conversations.map((id, n) => (n % 5 === 0 ? handOver(id) : takeOver(id, done + n))));
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
    const words = await wordsInRecord(stage.sql);
    expect(words.outOfTurn).toEqual([]);
    expect(words.parting).toBeGreaterThan(0);
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
    expect((await wordsInRecord(stage.sql)).outOfTurn).not.toEqual([]);
  }, 300_000);
});
