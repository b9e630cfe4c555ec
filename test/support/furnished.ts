import type { Role } from '../../src/kernel/index.js';
import { SignJWT } from 'jose';
import {
  made,
  type Bot,
  type Caller,
  type Json,
  type KeyPair,
  type Stage,
  type Tenant,
} from '../integration/tenancy/stage.js';
import { hire, type Hired } from './hired.js';
import { until } from './until.js';
import { webhookReceiver } from './webhook-receiver.js';

/** An app with one of everything that the API can show, each marked with the tenant's canary. */
export interface Furnished {
  readonly tenant: Tenant;
  /** In every text that somebody chose: names, messages, metadata, addresses. */
  readonly canary: string;
  /** Ids by the name of the parameter they stand for. `user` is an id, `externalId` the business' own. */
  readonly ids: Ids;
  readonly bots: { readonly faq: Bot; readonly desk: Bot };
  /** Secrets that the API told once. */
  readonly secrets: readonly string[];
  /** One of each role. */
  readonly agents: Readonly<Record<Role, Hired>>;
  /** The end user of the conversation. */
  readonly endUser: Caller;
  /** A token of the app's key for an end user. */
  token(externalId: string, claims?: object): Promise<string>;
  close(): Promise<void>;
}

export interface Ids extends Readonly<Record<string, string>> {
  readonly appId: string;
  readonly integrationId: string;
  readonly webhookId: string;
  readonly switchboardId: string;
  /** The switchboard integration of the other bot, which is neither default nor anybody's next. */
  readonly id: string;
  readonly user: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly sessionId: string;
  readonly deadLetterId: string;
}

const settings = {
  multiConvoEnabled: true,
  disableConversationReopen: true,
  endSessionEnabled: true,
  agentsCanEnd: true,
};

export const userToken = ({ id, secret }: KeyPair, claims: object): Promise<string> =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: id }).sign(Buffer.from(secret));

export async function furnish(stage: Stage, canary: string): Promise<Furnished> {
  const tenant = await stage.tenant(settings);
  const receiver = await webhookReceiver();
  // Buried at once (`docs/wire.md` 8): the app has dead letters.
  receiver.reply(404);
  const { caller, path } = tenant;
  const faq = await tenant.bot(`faq ${canary}`);
  const desk = await tenant.bot(`desk ${canary}`);
  const hooks = `${path}/integrations/${faq.id}/webhooks/${faq.webhook.id}`;
  await caller.patch(hooks, { target: `${receiver.url}/${canary}`, triggers: ['*'] });

  const { switchboard } = made(await caller.post(`${path}/switchboards`));
  const links = `${path}/switchboards/${switchboard.id}/switchboardIntegrations`;
  const link = async (bot: Bot, name: string): Promise<string> => {
    // Their webhooks are dead: without this control would move on by itself while a slow spec looks.
    const body = { name: `${name}-${canary}`, integrationId: bot.id, holderDeadlineSeconds: null };
    return made(await caller.post(links, body)).switchboardIntegration.id;
  };
  const faqLink = await link(faq, 'faq');
  const deskLink = await link(desk, 'desk');
  await caller.patch(`${path}/switchboards/${switchboard.id}`, {
    enabled: true,
    defaultSwitchboardIntegrationId: faqLink,
  });

  const externalId = `user-${canary}`;
  const profile = { givenName: canary, surname: canary, email: `${canary}@example.org` };
  const { user } = made(await caller.post(`${path}/users`, { externalId, profile, metadata: { canary } }));
  const { conversation } = made(
    await caller.post(`${path}/conversations`, {
      type: 'personal',
      participants: [{ userId: user.id }],
      displayName: canary,
      description: canary,
      metadata: { canary },
    }),
  );
  const token = (of: string, claims: object = {}): Promise<string> =>
    userToken(tenant.key, { scope: 'user', external_id: of, ...claims });
  const endUser = stage.as(`Bearer ${await token(externalId)}`);
  const said = made(
    await endUser.post(`/client/v1/apps/${tenant.id}/conversations/${conversation.id}/messages`, {
      content: { type: 'text', text: canary },
    }),
  );
  const { sessions } = (await caller.get(`${path}/sessions`)).body;
  const letters = `${path}/webhooks/${faq.webhook.id}/deadLetters`;
  let dead: Json[] = [];
  await until(async () => (dead = (await caller.get(letters)).body.deadLetters).length > 0, {
    timeoutMs: 30_000,
    what: 'a dead letter',
  });
  const agents = {
    agent: await hire(stage, tenant, 'agent', `agent ${canary}`),
    supervisor: await hire(stage, tenant, 'supervisor', `supervisor ${canary}`),
    admin: await hire(stage, tenant, 'admin', `admin ${canary}`),
  };
  const { queue } = made(await caller.post(`${path}/queues`, { name: `queue-${canary}` }));
  const { serviceChannel } = made(
    await caller.post(`${path}/serviceChannels`, { name: `channel-${canary}`, kind: 'in_app' }),
  );
  return {
    tenant,
    canary,
    agents,
    bots: { faq, desk },
    secrets: [
      tenant.key.secret,
      faq.key.secret,
      desk.key.secret,
      faq.webhook.secret,
      desk.webhook.secret,
      ...Object.values(agents).map(({ key }) => key.secret),
    ],
    endUser,
    token,
    ids: {
      appId: tenant.id,
      integrationId: faq.id,
      webhookId: faq.webhook.id,
      switchboardId: switchboard.id,
      defaultLinkId: faqLink,
      id: deskLink,
      user: user.id,
      externalId,
      conversationId: conversation.id,
      messageId: said.messages[0].id,
      sessionId: sessions[0].id,
      deadLetterId: dead[0].id,
      appKeyId: tenant.key.id,
      integrationKeyId: faq.key.id,
      queueId: queue.id,
      channelId: serviceChannel.id,
      agentId: agents.agent.id,
      agentKeyId: agents.agent.key.id,
      workItemId: '0123456789abcdef01234567',
      removalId: '0123456789abcdef01234567',
      clientId: '0123456789abcdef01234567',
      deviceId: '0123456789abcdef01234567',
    },
    close: () => receiver.close(),
  };
}

/** The values of a route's parameters: a key's id is an app's, an integration's or an agent's, as the path says. */
export function idsFor(path: string, ids: Ids): Record<string, string> {
  const owner = ['integration', 'agent'].find((one) => path.includes(`/${one}s/`)) ?? 'app';
  const keyId = ids[`${owner}KeyId`];
  return { ...ids, keyId: keyId ?? '' };
}
