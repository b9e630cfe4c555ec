import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { made, startFailOver, type FailOverStage, type Talk } from '../../support/fail-over.js';
import { until } from '../../support/until.js';

const SECRET = 'my card is 4111';

describe('a webhook that was away while something was erased', () => {
  let stage: FailOverStage;
  beforeAll(async () => {
    stage = await startFailOver();
  });
  afterAll(() => stage?.close());

  /** The bot does not take it; then it is erased; then the bot is back. What it is sent from then on, in order. */
  async function missed(erase: (talk: Talk, messageId: string) => Promise<void>) {
    const talk = await stage.conversation();
    const mine = () => stage.bot.receiver.received.filter(({ event }) => event.payload.conversation?.id === talk.id);
    await until(() => mine().length > 0, { what: 'the bot to be told of the conversation' });
    stage.bot.receiver.reply(500);
    const { messages } = made(
      await stage.app.post(`/conversations/${talk.id}/messages`, {
        author: { type: 'user', userId: talk.userId },
        content: { type: 'text', text: SECRET },
      }),
    );
    await stage.writes(talk, 'and another thing');
    const tried = mine().length;
    await until(() => mine().length > tried || mine().some(({ raw }) => raw.includes(SECRET)), { what: 'a first try' });
    await erase(talk, messages[0].id);
    const from = mine().length;
    stage.bot.receiver.reply(200);
    await stage.sql.query('UPDATE delivery SET next_at = now() WHERE lane = $1 AND done_at IS NULL', [talk.id]);
    await until(
      async () => {
        const { rows } = await stage.sql.query(
          `SELECT FROM delivery WHERE lane = $1 AND webhook_id = $2 AND done_at IS NULL`,
          [talk.id, stage.bot.webhookId],
        );
        return rows.length === 0;
      },
      { what: 'everything to be taken' },
    );
    return { heard: mine().slice(from), messageId: messages[0].id, talk };
  }

  it('hears of a message that was deleted in its place, without its words, and of what came after', async () => {
    const { heard, messageId } = await missed(async ({ id }, message) => {
      made(await stage.app.delete(`/conversations/${id}/messages/${message}`));
    });
    expect(heard.map(({ raw }) => raw).join('\n')).not.toContain(SECRET);
    const told = heard.filter(({ event }) => event.type === 'conversation:message').map(({ event }) => event);
    expect(told.map(({ payload }) => [payload.message.id === messageId, payload.message.content.text])).toEqual([
      [true, ''],
      [false, 'and another thing'],
    ]);
    const seqs = heard.map(({ event }) => event.seq ?? 0);
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other));
  });

  it('hears of an end user who was deleted to the end, by no name and in no words', async () => {
    const { heard } = await missed(async ({ userId }) => {
      made(await stage.app.delete(`/users/${userId}`));
    });
    const all = heard.map(({ raw }) => raw).join('\n');
    for (const word of [SECRET, 'another thing', 'Ana', 'Lima']) expect(all).not.toContain(word);
    expect(heard.at(-1)?.event.type).toBe('conversation:remove');
  });

  it('hears no name that was erased, and finds none among dead letters', async () => {
    stage.agent.receiver.reply(404);
    const { heard, talk } = await missed(async ({ userId }) => {
      made(await stage.app.delete(`/users/${userId}/personalinformation`));
    });
    const all = heard.map(({ raw }) => raw).join('\n');
    expect(all).toContain(SECRET);
    expect(all).not.toMatch(/Ana|Lima/);
    const ours = await until(
      async () => {
        const answer = await stage.app.get(`/webhooks/${stage.agent.webhookId}/deadLetters?page[size]=100`);
        const letters = made(answer).deadLetters as { conversationId: string }[];
        const found = letters.filter(({ conversationId }) => conversationId === talk.id);
        return found.length > 0 && found;
      },
      { what: 'a dead letter of the agent' },
    );
    expect(JSON.stringify(ours)).not.toMatch(/Ana|Lima/);
  });
});
