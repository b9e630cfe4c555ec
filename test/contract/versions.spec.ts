import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  businessText,
  CLIENTS,
  startContract,
  userText,
  type Bot,
  type Contract,
  type Loose,
  type Version,
} from './kit.js';

/** What bots do most, by each official client as it was published. The other specs here use the newest. */
const VERSIONS = Object.keys(CLIENTS) as Version[];

it.each(VERSIONS)('%s is the client that was published under that number', (version) => {
  const folder = `node_modules/sunshine-conversations-client${version === '14.1.0' ? '' : `-${version}`}`;
  const { name, version: installed } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  expect([name, installed]).toEqual(['sunshine-conversations-client', version]);
});

describe.each(VERSIONS)('the official client %s', (version) => {
  let contract: Contract;
  let faq: Bot;
  let desk: Bot;
  let quality: Bot;
  let board: string;

  beforeAll(async () => {
    contract = await startContract({}, version);
    [faq, desk, quality] = [await contract.bot('faq'), await contract.bot('desk'), await contract.bot('quality')];
    board = (await contract.client.switchboards['createSwitchboard']!(contract.appId)).switchboard.id;
  });
  afterAll(() => contract?.close());

  /** With the client's own class of pages, as its documentation shows. */
  const page = (fields: { after?: string; before?: string; size?: number }): Loose =>
    Object.assign(new CLIENTS[version]['Page']!(), fields);

  const at = (url: string): Promise<Loose> =>
    contract.raw('GET', url.slice(`${contract.url}/v2/apps/${contract.appId}`.length)).then(({ body }) => body);

  const idsOf = (list: readonly Loose[]): string[] => list.map(({ id }) => id);

  it('sets a switchboard up, and hands control on: passes and offers to next', async () => {
    const { client, appId } = contract;
    const links = client.switchboardIntegrations;
    const link = async ({ name, integrationId }: Bot): Promise<string> =>
      (await links['createSwitchboardIntegration']!(appId, board, { name, integrationId, deliverStandbyEvents: true }))
        .switchboardIntegration.id;
    const [first, second, third] = [await link(faq), await link(desk), await link(quality)];
    await links['updateSwitchboardIntegration']!(appId, board, first, { nextSwitchboardIntegrationId: second });
    await links['updateSwitchboardIntegration']!(appId, board, second, { nextSwitchboardIntegrationId: third });
    await client.switchboards['updateSwitchboard']!(appId, board, {
      enabled: true,
      defaultSwitchboardIntegrationId: first,
    });
    const listed = await links['listSwitchboardIntegrations']!(appId, board);
    expect(idsOf(listed.switchboardIntegrations)).toEqual([first, second, third]);
    expect((await client.switchboards['listSwitchboards']!(appId)).switchboards[0]).toMatchObject({
      id: board,
      enabled: true,
      defaultSwitchboardIntegrationId: first,
    });

    const { id } = await contract.conversation();
    const holders = async (): Promise<Loose[]> => {
      const { conversation } = (await contract.raw('GET', `/conversations/${id}`)).body;
      return [conversation.activeSwitchboardIntegration?.id, conversation.pendingSwitchboardIntegration?.id];
    };
    const next = { switchboardIntegration: 'next', metadata: { topic: 'refund' } };
    await faq.client.control['passControl']!(appId, id, next);
    expect(await holders()).toEqual([second, undefined]);
    await desk.client.control['offerControl']!(appId, id, next);
    expect(await holders()).toEqual([second, third]);
    const offered = await quality.event(id, 'switchboard:offerControl');
    expect(offered.payload.metadata).toEqual({ topic: 'refund' });
    await quality.client.control['acceptControl']!(appId, id, {});
    expect(await holders()).toEqual([third, undefined]);
    expect(quality.types(id).filter((type) => type.endsWith(':failure'))).toEqual([]);
  });

  it('writes messages, reads them page by page and deletes them', async () => {
    const { client, appId } = contract;
    const { id, userId } = await contract.conversation();
    const written: string[] = [];
    for (let i = 0; i < 105; i += 1) {
      const body = i % 2 === 0 ? userText(userId, `words ${i}`) : businessText(`words ${i}`);
      written.push((await client.messages['postMessage']!(appId, id, body)).messages[0].id);
    }
    const newest = await client.messages['listMessages']!(appId, id);
    expect(idsOf(newest.messages)).toEqual(written.slice(5));
    expect(newest.messages[0]).toMatchObject({
      author: { type: 'business' },
      content: { type: 'text', text: 'words 5' },
    });
    const older = await client.messages['listMessages']!(appId, id, {
      page: page({ before: newest.meta.beforeCursor }),
    });
    expect(idsOf(older.messages)).toEqual(written.slice(0, 5));
    expect(idsOf((await at(newest.links.prev)).messages)).toEqual(written.slice(0, 5));
    await client.messages['deleteMessage']!(appId, id, written[0]);
    await client.messages['deleteAllMessages']!(appId, id);
    expect((await client.messages['listMessages']!(appId, id)).messages).toEqual([]);
  });

  it('makes users, changes, erases and deletes them, and pages through their conversations', async () => {
    const { client, appId } = contract;
    const externalId = 'ann/1@example.org';
    const { user } = await client.users['createUser']!(appId, { externalId, profile: { givenName: 'Ann' } });
    await client.users['updateUser']!(appId, externalId, { metadata: { plan: 'gold' } });
    const read = (await client.users['getUser']!(appId, user.id)).user;
    expect([read.externalId, read.profile.givenName, read.metadata]).toEqual([externalId, 'Ann', { plan: 'gold' }]);

    const opened: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      const body = { type: 'personal', participants: [{ userId: user.id }] };
      opened.push((await client.conversations['createConversation']!(appId, body)).conversation.id);
    }
    // One field at a time: of two, most of these clients send the first.
    const list = (fields: Parameters<typeof page>[0]): Promise<Loose> =>
      client.conversations['listConversations']!(appId, { userId: user.id }, { page: page(fields) });
    const first = await list({ size: 3 });
    const rest = await list({ after: first.meta.afterCursor });
    expect([...idsOf(first.conversations), ...idsOf(rest.conversations)]).toEqual(opened);
    // The links keep the size.
    const linked = [first];
    while (linked.at(-1).links?.next) linked.push(await at(linked.at(-1).links.next));
    expect(linked.map(({ conversations }) => conversations.length)).toEqual([3, 3, 1]);
    expect(linked.flatMap(({ conversations }) => idsOf(conversations))).toEqual(opened);

    const erased = (await client.users['deleteUserPersonalInformation']!(appId, user.id)).user;
    expect(erased.profile?.givenName).toBeUndefined();
    await client.users['deleteUser']!(appId, user.id);
    expect((await contract.raw('GET', `/users/${user.id}`)).status).toBe(404);
  });
});
