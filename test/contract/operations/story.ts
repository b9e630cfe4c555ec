import { businessText, userText, type Contract, type Loose, type Switchboard } from '../kit.js';
import { ANN, type Ground } from './ground.js';

const NOBODY = '0'.repeat(24);

/** A call that is refused, because there is nothing it could be about. Who refuses how, the witness sees. */
const tried = async (call: Promise<unknown>): Promise<void> => {
  await call.catch((error: Loose) => {
    if (typeof error?.status !== 'number') throw error;
  });
};

/**
 * Calls every operation of the wire at least once, as a bot would: by the official client where it has the operation,
 * else over plain HTTP. An answer that was to be a success and is none fails here.
 */
export async function callEverything(contract: Contract): Promise<Ground> {
  const { switchboard } = await contract.client.switchboards['createSwitchboard']!(contract.appId);
  await contract.client.switchboards['deleteSwitchboard']!(contract.appId, switchboard.id);
  const [faq, desk] = [await contract.bot('faq'), await contract.bot('desk')];
  const board = await contract.switchboard([faq, desk]);
  await apps(contract);
  await switchboards(contract, board);
  const user = await users(contract);
  const conversationId = await conversations(contract, user.id);
  await messages(contract, conversationId, user.id);
  await control(contract, conversationId, board);
  await integrations(contract);
  await clients(contract, user.id);
  await elsewhere(contract, conversationId, user.id);
  const listener = await contract.bot('listener', ['*'], { includeFullUser: true, includeFullSource: true });
  return { contract, conversationId, userId: user.id, listener };
}

async function apps({ account }: Contract): Promise<void> {
  const { app } = await account.apps['createApp']!({ displayName: 'second' });
  await account.apps['listApps']!();
  await account.apps['getApp']!(app.id);
  await account.apps['updateApp']!(app.id, { displayName: 'second app', metadata: { seen: true } });
  const { key } = await account.appKeys['createAppKey']!(app.id, { displayName: 'key' });
  await account.appKeys['listAppKeys']!(app.id);
  await account.appKeys['getAppKey']!(app.id, key.id);
  await account.appKeys['deleteAppKey']!(app.id, key.id);
  await account.apps['deleteApp']!(app.id);
}

async function switchboards({ client, appId, bot }: Contract, { id }: Switchboard): Promise<void> {
  await client.switchboards['listSwitchboards']!(appId);
  const guest = await bot('guest');
  const links = client.switchboardIntegrations;
  const body = { name: 'guest', integrationId: guest.integrationId, messageHistoryCount: 3 };
  const { switchboardIntegration } = await links['createSwitchboardIntegration']!(appId, id, body);
  await links['listSwitchboardIntegrations']!(appId, id);
  await links['updateSwitchboardIntegration']!(appId, id, switchboardIntegration.id, { deliverStandbyEvents: false });
  await links['deleteSwitchboardIntegration']!(appId, id, switchboardIntegration.id);
}

async function users({ client, appId, user, raw }: Contract): Promise<Loose> {
  const made = await user(ANN);
  const email = 'operations@example.org';
  await client.users['updateUser']!(appId, made.id, { profile: { givenName: 'Ann', email } });
  await client.users['getUser']!(appId, ANN);
  await raw('GET', `/users?filter[identities.email]=${email}`);
  const gone = await user();
  await client.users['deleteUserPersonalInformation']!(appId, gone.id);
  await client.users['deleteUser']!(appId, gone.id);
  return made;
}

async function conversations({ client, appId, user }: Contract, userId: string): Promise<string> {
  const { conversations: all, participants } = client;
  const open = async (body: object): Promise<string> => (await all['createConversation']!(appId, body)).conversation.id;
  const id = await open({ type: 'personal', participants: [{ userId }] });
  const second = await open({ type: 'personal', participants: [{ userId }], displayName: 'second' });
  await all['listConversations']!(appId, { userId });
  await all['getConversation']!(appId, id);
  await all['updateConversation']!(appId, id, { metadata: { topic: 'refund' } });
  await all['deleteConversation']!(appId, second);
  const group = await open({ type: 'sdkGroup', participants: [{ userId, subscribeSDKClient: false }] });
  const guest = await user();
  await participants['joinConversation']!(appId, group, { userId: guest.id, subscribeSDKClient: false });
  await participants['listParticipants']!(appId, group);
  await participants['leaveConversation']!(appId, group, { userId: guest.id });
  return id;
}

async function messages({ client, appId }: Contract, id: string, userId: string): Promise<void> {
  const all = client.messages;
  const { messages: said } = await all['postMessage']!(appId, id, businessText('hello'));
  await all['postMessage']!(appId, id, userText(userId, 'hello'));
  await all['listMessages']!(appId, id);
  await client.activities['postActivity']!(appId, id, { author: { type: 'business' }, type: 'typing:start' });
  await all['deleteMessage']!(appId, id, said[0].id);
  await all['deleteAllMessages']!(appId, id);
  await all['postMessage']!(appId, id, userText(userId, 'hello again'));
}

async function control({ client, appId }: Contract, id: string, { si }: Switchboard): Promise<void> {
  const body = (name: string) => ({ switchboardIntegration: si[name], metadata: { topic: 'refund' } });
  await client.control['passControl']!(appId, id, body('desk'));
  await client.control['offerControl']!(appId, id, body('faq'));
  await client.control['acceptControl']!(appId, id, {});
  await client.control['releaseControl']!(appId, id);
}

async function integrations({ client, appId, bot }: Contract): Promise<void> {
  const own = await bot('own');
  const all = client.integrations;
  await all['listIntegrations']!(appId);
  await all['getIntegration']!(appId, own.integrationId);
  await all['updateIntegration']!(appId, own.integrationId, { displayName: 'own bot' });
  const keys = client.integrationKeys;
  const { key } = await keys['createCustomIntegrationKey']!(appId, own.integrationId, { displayName: 'key' });
  await keys['listCustomIntegrationKeys']!(appId, own.integrationId);
  await keys['getCustomIntegrationKey']!(appId, own.integrationId, key.id);
  await keys['deleteCustomIntegrationKey']!(appId, own.integrationId, key.id);
  const hooks = client.webhooks;
  const [first] = (await hooks['listWebhooks']!(appId, own.integrationId)).webhooks;
  await hooks['deleteWebhook']!(appId, own.integrationId, first.id);
  const body = { target: own.receiver.url, triggers: ['conversation:message'] };
  const { webhook } = await hooks['createWebhook']!(appId, own.integrationId, body);
  await hooks['getWebhook']!(appId, own.integrationId, webhook.id);
  await hooks['updateWebhook']!(appId, own.integrationId, webhook.id, { includeFullUser: true });
  await all['deleteIntegration']!(appId, own.integrationId);
}

async function clients({ client, appId }: Contract, userId: string): Promise<void> {
  await client.clients['listClients']!(appId, userId);
  const criteria = { matchCriteria: { type: 'whatsapp', integrationId: NOBODY, phoneNumber: '+15145555555' } };
  await tried(client.clients['createClient']!(appId, userId, { ...criteria, confirmation: { type: 'immediate' } }));
  await tried(client.clients['removeClient']!(appId, userId, NOBODY));
  await client.devices['listDevices']!(appId, userId);
  await tried(client.devices['getDevice']!(appId, userId, NOBODY));
}

/** What other companies' channels and clouds do. */
async function elsewhere(contract: Contract, conversationId: string, userId: string): Promise<void> {
  const { client, appId, raw } = contract;
  const { attachments, conversations: all, oauth } = client;
  await tried(
    attachments['uploadAttachment']!(appId, 'public', Buffer.from('words'), { _for: 'message', conversationId }),
  );
  await tried(attachments['deleteAttachment']!(appId, { mediaUrl: 'https://example.org/file' }));
  await raw('POST', '/attachments/token', { paths: [] });
  await raw('POST', '/attachments/cookie', {});
  await raw('GET', '/attachments/cookie');
  await tried(all['downloadMessageRef']!(appId, conversationId, { userId, apple: { interactiveDataRef: {} } }));
  await raw('POST', `/conversations/${conversationId}/conversionEvents`, {});
  await raw('POST', `/users/${userId}/sync`, {});
  await contract.asAccount('/v2/tokenInfo');
  await tried(oauth['authorize']!('client', 'code', {}));
  await tried(oauth['getToken']!({ code: 'x', grant_type: 'authorization_code', client_id: 'x', client_secret: 'x' }));
  await tried(oauth['revokeAccess']!());
}
