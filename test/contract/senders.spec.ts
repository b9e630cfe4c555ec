import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { businessText, refused, startContract, userText, type Bot, type Contract, type Loose } from './kit.js';

/**
 * Published clients with strict models (Python 17.0.1) take one of these two as the only subtype, and raise for whatever
 * else they find: after the message was stored, and for every list that has it. `author.kind` is ours, which they ignore.
 */
const strictAuthor = {
  type: 'object',
  required: ['type'],
  properties: {
    type: { enum: ['business', 'user'] },
    subtypes: { type: 'array', minItems: 1, maxItems: 1, items: { enum: ['AI', 'activity'] } },
    kind: { enum: ['bot', 'agent'] },
    displayName: { type: 'string' },
    avatarUrl: { type: 'string' },
  },
};

const ajv = new Ajv({ strict: false });
const isStrictAuthor = ajv.compile(strictAuthor);

/** Every author in a body, wherever it stands. */
function authorsIn(body: Loose): Loose[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) => [...(name === 'author' ? [value] : []), ...authorsIn(value)]);
}

function expectStrict(body: Loose, atLeast: number): void {
  const authors = authorsIn(body);
  expect(authors.length).toBeGreaterThanOrEqual(atLeast);
  expect(authors.filter((author) => !isStrictAuthor(author))).toEqual([]);
}

describe('who wrote a message', () => {
  let contract: Contract;
  let faq: Bot;
  let desk: Bot;
  let watcher: Bot;

  beforeAll(async () => {
    contract = await startContract();
    [faq, desk, watcher] = [await contract.bot('faq'), await contract.bot('desk'), await contract.bot('watcher')];
    const options = { faq: { kind: 'bot', next: 'desk' }, desk: { kind: 'agent' } } as const;
    await contract.switchboard([faq, desk], options);
  });
  afterAll(() => contract?.close());

  const say = async (by: Bot, id: string, subtypes?: readonly string[]): Promise<Loose> => {
    const body = businessText('hello');
    const author = { ...body.author, ...(subtypes && { subtypes }) };
    // As it is on the wire: the client's own model drops what it does not know.
    const answer = await contract.raw('POST', `/conversations/${id}/messages`, { ...body, author }, basicOf(by));
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const basicOf = ({ key }: Bot) => ({
    authorization: `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}`,
  });

  it('is told in words that strict clients know, in answers, lists and webhooks, whoever of the switchboard it was', async () => {
    const { id, userId } = await contract.conversation();
    const written = [];
    await contract.client.messages['postMessage']!(contract.appId, id, userText(userId, 'help'));
    for (const subtypes of [undefined, ['AI'], ['activity']]) written.push(await say(faq, id, subtypes));
    await faq.client.control['passControl']!(contract.appId, id, { switchboardIntegration: 'next' });
    for (const subtypes of [undefined, ['AI'], ['activity']]) written.push(await say(desk, id, subtypes));
    for (const answer of written) expectStrict(answer, 1);
    const kinds = ['bot', 'bot', 'bot', 'agent', 'agent', 'agent'];
    const subtypesOf = ({ messages: [message] }: Loose) => [message.author.kind, message.author.subtypes];
    expect(written.map(subtypesOf)).toEqual(
      [undefined, ['AI'], ['activity'], undefined, ['AI'], ['activity']].map((subtypes, at) => [kinds[at], subtypes]),
    );

    const list = (await contract.raw('GET', `/conversations/${id}/messages`)).body;
    expectStrict(list, 7);
    const [session] = (await contract.raw('GET', `/sessions?filter[userId]=${userId}`)).body.sessions;
    expectStrict((await contract.raw('GET', `/sessions/${session.id}/messages`)).body, 7);

    const { messages: last } = written.at(-1);
    for (const bot of [faq, desk, watcher]) {
      await bot.event(id, 'conversation:message', ({ message }) => message.id === last[0].id);
      expectStrict(bot.events(id), 7);
    }
  });

  it('is not told in other words by the caller either', async () => {
    const { id } = await contract.conversation();
    for (const subtypes of [['bot'], ['agent'], ['AI', 'activity'], ['AI', 'AI'], []]) {
      const author = { type: 'business', subtypes };
      const call = contract.client.messages['postMessage']!(contract.appId, id, { ...businessText('hello'), author });
      expect([subtypes, await refused(call)]).toEqual([subtypes, [400, 'bad_request']]);
    }
  });
});
