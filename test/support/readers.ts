import type { Role } from '../../src/kernel/index.js';
import {
  basic,
  made,
  type Bot,
  type Caller,
  type Json,
  type Stage,
  type Tenant,
} from '../integration/tenancy/stage.js';
import { userToken } from './furnished.js';
import { until } from './until.js';

/** An agent by what they are to the conversation. */
export interface ReadersAgent {
  readonly id: string;
  readonly caller: Caller;
}

export const READER_KINDS = [
  'owner',
  'asked',
  'observer',
  'other',
  'supervisorOfTeam',
  'supervisorOfOtherTeam',
  'supervisor',
  'admin',
] as const;
export type ReaderKind = (typeof READER_KINDS)[number];

/** Who may read the conversation: the others may not. */
export const MAY_READ: ReadonlySet<ReaderKind> = new Set<ReaderKind>([
  'owner',
  'asked',
  'observer',
  'supervisorOfTeam',
  'supervisor',
  'admin',
]);

/** A conversation with an agent of the team red, another who is asked to take it over, and one who looks on. */
export interface Readers {
  readonly tenant: Tenant;
  readonly bot: Bot;
  readonly agents: Readonly<Record<ReaderKind, ReadersAgent>>;
  readonly user: { readonly id: string; readonly externalId: string; readonly email: string };
  readonly conversationId: string;
  readonly sessionId: string;
  /** The end user's conversation from before, with the bot, and the one they began after the agent's session. */
  readonly earlierId: string;
  readonly laterId: string;
  /** The offer that `asked` has. */
  readonly workItemId: string;
  readonly channelId: string;
  readonly queueId: string;
}

export async function readersOf(stage: Stage, name: string): Promise<Readers> {
  const tenant = await stage.tenant({ multiConvoEnabled: true });
  const { caller, path } = tenant;
  const bot = await tenant.bot(`bot ${name}`);
  const { switchboard } = made(await caller.post(`${path}/switchboards`));
  const links = `${path}/switchboards/${switchboard.id}/switchboardIntegrations`;
  const link = async (body: object): Promise<Json> => made(await caller.post(links, body)).switchboardIntegration;
  const first = await link({ name: 'bot', integrationId: bot.id, holderDeadlineSeconds: null });
  await link({ name: 'workspace', integrationType: 'zd:agentWorkspace' });
  const defaults = { enabled: true, defaultSwitchboardIntegrationId: first.id };
  good(await caller.patch(`${path}/switchboards/${switchboard.id}`, defaults));
  const { queue } = made(
    await caller.post(`${path}/queues`, { name: 'red', teams: ['red'], pushTimeoutSeconds: 3600 }),
  );
  const { serviceChannel } = made(
    await caller.post(`${path}/serviceChannels`, { name: 'web', kind: 'web_widget', queueId: queue.id }),
  );

  const agents = await hireAll(stage, tenant);
  const user = { externalId: `user-${name}`, email: `${name}@example.org` };
  const { id: userId } = made(
    await caller.post(`${path}/users`, { externalId: user.externalId, profile: { email: user.email } }),
  ).user;
  // An address is theirs once a token of theirs has said so.
  const claims = { scope: 'user', external_id: user.externalId, email: user.email };
  const visitor = stage.as(`Bearer ${await userToken(tenant.key, claims)}`);
  good(await visitor.get(`/client/v1/apps/${tenant.id}/conversations`));
  const converse = async (): Promise<string> => {
    const body = { type: 'personal', participants: [{ userId }], serviceChannelId: serviceChannel.id };
    const { id } = made(await caller.post(`${path}/conversations`, body)).conversation;
    await says(caller, path, id, userId);
    return id;
  };
  const earlierId = await converse();
  const conversationId = await converse();
  const ask = { switchboardIntegration: 'workspace' };
  good(await caller.post(`${path}/conversations/${conversationId}/passControl`, ask));
  const sessions = good(await caller.get(`${path}/sessions?filter[userId]=${userId}`)).sessions;
  const sessionId = sessions.find((one: Json) => one.conversationId === conversationId).id;
  const session = `${path}/sessions/${sessionId}`;
  const offerOf = async (where: 'waiting' | 'transferring'): Promise<string> => {
    let workItemId = '';
    await until(
      async () => {
        const { session: now } = good(await caller.get(session));
        const offer = where === 'waiting' ? now.waiting?.offer : now.transferring;
        workItemId = offer?.workItemId ?? '';
        return workItemId !== '';
      },
      { what: 'an offer' },
    );
    return workItemId;
  };
  good(await agents.owner.caller.post(`${session}/accept`, { workItemId: await offerOf('waiting') }));
  good(await caller.post(`${session}/observe`, { agentId: agents.observer.id, present: true }));
  good(await agents.owner.caller.post(`${session}/transfer`, { agentId: agents.asked.id }));
  return {
    tenant,
    bot,
    agents,
    user: { ...user, id: userId },
    conversationId,
    sessionId,
    earlierId,
    laterId: await converse(),
    workItemId: await offerOf('transferring'),
    channelId: serviceChannel.id,
    queueId: queue.id,
  };
}

const PROFILES: Readonly<Record<ReaderKind, { readonly role: Role; readonly teams: readonly string[] }>> = {
  owner: { role: 'agent', teams: ['red'] },
  asked: { role: 'agent', teams: ['blue'] },
  observer: { role: 'agent', teams: ['blue'] },
  other: { role: 'agent', teams: ['red'] },
  supervisorOfTeam: { role: 'supervisor', teams: ['red', 'green'] },
  supervisorOfOtherTeam: { role: 'supervisor', teams: ['green'] },
  supervisor: { role: 'supervisor', teams: [] },
  admin: { role: 'admin', teams: ['green'] },
};

async function hireAll(stage: Stage, { caller, path }: Tenant): Promise<Record<ReaderKind, ReadersAgent>> {
  const hired: [ReaderKind, ReadersAgent][] = [];
  for (const kind of READER_KINDS) {
    // Whoever may end any session may not read it for that.
    const body = { displayName: kind, ...PROFILES[kind], permissions: { endAny: true }, limits: { primary: 4 } };
    const { agent } = made(await caller.post(`${path}/agents`, body));
    const { key } = made(await caller.post(`${path}/agents/${agent.id}/keys`, { displayName: kind }));
    const own = stage.as(basic(key));
    if (kind === 'owner' || kind === 'asked') good(await own.post(`${path}/agents/me/login`, {}));
    hired.push([kind, { id: agent.id, caller: own }]);
  }
  return Object.fromEntries(hired) as Record<ReaderKind, ReadersAgent>;
}

export const says = async (caller: Caller, path: string, conversationId: string, userId: string): Promise<Json> =>
  made(
    await caller.post(`${path}/conversations/${conversationId}/messages`, {
      author: { type: 'user', userId },
      content: { type: 'text', text: 'I need help' },
    }),
  );

export function good({ status, body }: { readonly status: number; readonly body: Json }): Json {
  if (status >= 300) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
  return body;
}
