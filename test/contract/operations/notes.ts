import { OWN_CHANNELS } from '../../../src/configuration/index.js';
import type { Loose } from '../kit.js';
import { typesOf } from './facts.js';
import { heard, posts, type Ground } from './ground.js';

/** What is missing in operations that are served, and requests that show whether it still is. */
export interface Note {
  readonly operations: readonly string[];
  readonly missing: string;
  readonly isMissing: (ground: Ground) => Promise<boolean>;
}

const NOBODY = '0'.repeat(24);

/** Channels that are made here; those of other companies need their credentials. */
export const CHANNELS: readonly string[] = ['custom', ...OWN_CHANNELS];

const keeps = async ({ contract }: Ground, settings: object): Promise<boolean> =>
  (await contract.raw('PATCH', '', { settings })).status === 200;

const clientsOf = async (ground: Ground): Promise<Loose[]> => {
  await heard(ground, 'here I am');
  const { contract, userId } = ground;
  return (await contract.raw('GET', `/users/${userId}/clients`)).body.clients;
};

const coded = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const SETTINGS = { conversationRetentionSeconds: 86_400, echoPostback: true };

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
    missing: `${coded(Object.keys(SETTINGS))} are refused where they ask for something`,
    isMissing: async (ground) => {
      const kept = [];
      for (const [name, value] of Object.entries(SETTINGS)) kept.push(await keeps(ground, { [name]: value }));
      return !kept.includes(true);
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
    missing: 'a silent message (`destination.integrationType: none`) is refused: end users are shown all that is said',
    isMissing: async (ground) => (await posts(ground, { destination: { integrationType: 'none' } })).status === 400,
  },
  {
    operations: ['PostMessage'],
    missing:
      '`override` and `schema`, and so content of type `template`, are refused: no channel that reads them is connected',
    isMissing: async (ground) => {
      const asked = [{ override: { whatsapp: { payload: {} } } }, { schema: 'whatsapp' }];
      const answers = await Promise.all(asked.map((more) => posts(ground, more)));
      return answers.every(({ status }) => status === 400);
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
    missing: '`includeFullSource` adds the `client` alone: there is no `device`',
    isMissing: async (ground) => (await heard(ground, 'from where?')).payload.message.source.device === undefined,
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
    missing: 'there are no brands: `brandId` is refused',
    isMissing: async ({ contract, userId }) =>
      (await contract.raw('GET', `/users/${userId}?brandId=${NOBODY}`)).status === 400,
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
    operations: ['ListClients'],
    missing: 'only the client that an end user writes with in the web is known',
    isMissing: async (ground) => (await clientsOf(ground)).every(({ type }) => type === 'sdk'),
  },
  {
    operations: ['ListDevices'],
    missing: 'always empty: devices are not kept',
    isMissing: async ({ contract, userId }) =>
      (await contract.raw('GET', `/users/${userId}/devices`)).body.devices.length === 0,
  },
  {
    operations: ['RemoveClient'],
    missing: 'no client can be linked, so there is none to remove',
    isMissing: async (ground) => {
      const { contract, userId } = ground;
      const known = (await clientsOf(ground)).map(({ id }) => contract.raw('DELETE', `/users/${userId}/clients/${id}`));
      return (await Promise.all(known)).every(({ status }) => status >= 400);
    },
  },
  {
    operations: ['GetDevice'],
    missing: 'devices are not kept, so every call is answered 404',
    isMissing: async ({ contract, userId }) =>
      (await contract.raw('GET', `/users/${userId}/devices/${NOBODY}`)).status === 404,
  },
];
