import type { Loose } from '../kit.js';
import { typesOf } from './facts.js';
import { heard, posts, widget, type Ground } from './ground.js';

/** What is missing in operations that are served, and requests that show whether it still is. */
export interface Note {
  readonly operations: readonly string[];
  readonly missing: string;
  readonly isMissing: (ground: Ground) => Promise<boolean>;
}

const NOBODY = '0'.repeat(24);

/** Channels that are made here; those of other companies need their credentials. */
export const CHANNELS: readonly string[] = ['custom', 'web', 'ios', 'android'];

const keeps = async ({ contract }: Ground, settings: object): Promise<boolean> =>
  (await contract.raw('PATCH', '', { settings })).status === 200;

const hasNoClients = async (ground: Ground): Promise<boolean> => {
  await heard(ground, 'here I am');
  const { contract, userId } = ground;
  return (await contract.raw('GET', `/users/${userId}/clients`)).body.clients.length === 0;
};

const coded = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const SETTINGS = {
  conversationRetentionSeconds: 86_400,
  useAnimalNames: true,
  echoPostback: true,
  ignoreAutoConversationStart: true,
  appLocalizationEnabled: true,
};

/** Triggers of what has no cause here. */
const SILENT = [
  'client:add',
  'client:remove',
  'client:update',
  'conversation:message:delivery:channel',
  'conversation:message:delivery:failure',
  'conversation:message:delivery:user',
  'conversation:referral',
  'passthrough:messaging',
  'user:merge',
];

/** By hand. A note that no longer holds, or names an operation that is not there, fails `operations.spec.ts`. */
export const NOTES: readonly Note[] = [
  {
    operations: ['ListApps'],
    missing: 'there are no service accounts: `filter[serviceAccountId]` is answered 403',
    isMissing: async ({ contract }) => {
      const query = new URLSearchParams({ 'filter[serviceAccountId]': `svc_${NOBODY}` });
      return (await contract.asAccount(`/v2/apps?${query}`)).status === 403;
    },
  },
  {
    operations: ['CreateApp', 'UpdateApp'],
    missing: '`maskCreditCardNumbers` is kept and masks nothing',
    isMissing: async (ground) => {
      const text = '4111 1111 1111 1111';
      if (!(await keeps(ground, { maskCreditCardNumbers: true }))) return false;
      const { body } = await posts(ground, { content: { type: 'text', text } });
      await keeps(ground, { maskCreditCardNumbers: false });
      return body.messages[0].content.text === text;
    },
  },
  {
    operations: ['CreateApp', 'UpdateApp'],
    missing: `${coded(Object.keys(SETTINGS))} are kept and do nothing`,
    isMissing: async (ground) => {
      const kept = [];
      for (const [name, value] of Object.entries(SETTINGS)) {
        kept.push(await keeps(ground, { [name]: value }));
        await keeps(ground, { [name]: typeof value === 'number' ? 0 : false });
      }
      return !kept.includes(false);
    },
  },
  {
    operations: ['CreateConversation', 'JoinConversation'],
    missing: '`subscribeSDKClient` subscribes nobody',
    isMissing: async ({ contract }) => {
      const guest = await contract.user();
      const body = { type: 'sdkGroup', participants: [{ userId: guest.id, subscribeSDKClient: true }] };
      const { conversation } = (await contract.raw('POST', '/conversations', body)).body;
      const { participants } = (await contract.raw('GET', `/conversations/${conversation.id}/participants`)).body;
      return (participants[0].clientAssociations ?? []).length === 0;
    },
  },
  {
    operations: ['PostMessage'],
    missing: '`htmlText` and `markdownText` are kept as they are, without a `text`',
    isMissing: async (ground) => {
      const { body } = await posts(ground, { content: { type: 'text', markdownText: '**words**' } });
      return body.messages[0].content.text === undefined;
    },
  },
  {
    operations: ['PostMessage'],
    missing: '`destination` sends nowhere: a silent message (`integrationType: none`) is shown to the end user',
    isMissing: async (ground) => {
      const { status, body } = await posts(ground, { destination: { integrationType: 'none' } });
      const shown = (await widget(ground)).body.messages.map(({ id }: Loose) => id);
      return status === 201 && shown.includes(body.messages[0].id);
    },
  },
  {
    operations: ['PostMessage'],
    missing: '`override` and `schema` are taken and do nothing',
    isMissing: async (ground) =>
      (await posts(ground, { schema: 'whatsapp', override: { whatsapp: { payload: {} } } })).status === 201,
  },
  {
    operations: ['PostMessage'],
    missing: 'a form of the business cannot be answered in the web widget',
    isMissing: async (ground) => {
      const field = { type: 'text', name: 'city', label: 'City' };
      const { body } = await posts(ground, { content: { type: 'form', fields: [field] } });
      const answer = { ...field, text: 'Paris', quotedMessageId: body.messages[0].id };
      return (await widget(ground, { type: 'formResponse', fields: [answer] })).status >= 400;
    },
  },
  {
    operations: ['CreateIntegration'],
    missing: `channels of other companies are refused: only ${coded(CHANNELS)} are made`,
    isMissing: async ({ contract }) => {
      const others = typesOf('integration').filter((type) => !CHANNELS.includes(type));
      const made = await Promise.all(others.map((type) => contract.raw('POST', '/integrations', { type })));
      return others.length > 0 && made.every(({ status }) => status === 400);
    },
  },
  {
    operations: ['CreateWebhook', 'UpdateWebhook'],
    missing: `${coded(SILENT)} are taken and never come, for nothing here causes them`,
    isMissing: async ({ contract }) =>
      contract.bot('silent', SILENT).then(
        () => true,
        () => false,
      ),
  },
  {
    operations: ['CreateWebhook', 'UpdateWebhook'],
    missing: '`user:update` and `user:remove` are taken and never come',
    isMissing: async (ground) => {
      const { contract, userId, listener } = ground;
      // Twice: by the second word the event of the first change has had its time.
      for (const city of ['Paris', 'Rome']) {
        await contract.raw('PATCH', `/users/${userId}`, { metadata: { city } });
        await heard(ground, city);
      }
      return !listener.receiver.received.some(({ event }) => event.type === 'user:update');
    },
  },
  {
    operations: ['CreateWebhook', 'UpdateWebhook'],
    missing: '`includeFullSource` adds nothing: sources have no `client` and no `device`',
    isMissing: async (ground) => {
      const { message } = (await heard(ground, 'from where?')).payload;
      return message.source.client === undefined && message.source.device === undefined;
    },
  },
  {
    operations: [
      'ListUsers',
      'GetUser',
      'UpdateUser',
      'DeleteUser',
      'DeleteUserPersonalInformation',
      'ListClients',
      'ListDevices',
    ],
    missing: 'there are no brands: `brandId` in the query is not looked at',
    isMissing: async ({ contract, userId }) =>
      (await contract.raw('GET', `/users/${userId}?brandId=${NOBODY}`)).status === 200,
  },
  {
    operations: ['CreateClient'],
    missing: 'no client can be linked: every call is answered 400',
    isMissing: async ({ contract, userId }) => {
      const body = {
        matchCriteria: { type: 'whatsapp', integrationId: NOBODY, phoneNumber: '+15145555555' },
        confirmation: { type: 'immediate' },
        target: { conversationId: NOBODY },
      };
      return (await contract.raw('POST', `/users/${userId}/clients`, body)).status === 400;
    },
  },
  {
    operations: ['ListClients', 'ListDevices'],
    missing: 'always empty: clients and devices are not kept',
    isMissing: hasNoClients,
  },
  {
    operations: ['RemoveClient', 'GetDevice'],
    missing: 'clients and devices are not kept, so every call is answered 404',
    isMissing: hasNoClients,
  },
];
