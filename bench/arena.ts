import { createHmac } from 'node:crypto';
import { App, basic, type Key } from './app.js';
import type { Stand } from './stand.js';

export interface Seat {
  /** Its switchboard integration. */
  readonly id: string;
  /** Calls with its own key. */
  readonly call: App;
}

/** What is said in a conversation under a flood, and who may say it. */
export interface Arena {
  readonly app: App;
  readonly conversationId: string;
  readonly userId: string;
  /** In control unless it was passed on. */
  readonly holder: Seat;
  readonly desk: Seat;
  /** Linked, never in control: it may say nothing. */
  readonly standby: Seat;
  /** Takes everything and answers nothing: one second later control is the holder's again. */
  readonly silent: Seat;
  /** `authorization` of the end user's own token. */
  readonly userToken: string;
}

/** An integration has a webhook; nothing happens that this one would be told of. */
const UNUSED = [{ target: 'http://127.0.0.1:9/', triggers: ['user:remove'] }];

/** Nobody hears anything: no webhook is sent, so that what is measured is what waits in one conversation. */
export async function openArena(stand: Stand): Promise<Arena> {
  const app = await App.make(stand, { endSessionEnabled: false, disableConversationReopen: false });
  const { switchboard } = await app.post('/switchboards');
  const at = `/switchboards/${switchboard.id}`;
  const seat = async (name: string, kind: string): Promise<Seat> => {
    const { integration } = await app.post('/integrations', { type: 'custom', displayName: name, webhooks: UNUSED });
    const own = await app.post(`/integrations/${integration.id}/keys`, { displayName: name });
    const body = { name, kind, integrationId: integration.id, deliverStandbyEvents: false };
    const { switchboardIntegration } = await app.post(`${at}/switchboardIntegrations`, body);
    return { id: switchboardIntegration.id, call: app.as(basic(own.key)) };
  };
  const holder = await seat('holder', 'bot');
  const desk = await seat('desk', 'agent');
  const standby = await seat('standby', 'bot');
  const silent = await seat('silent', 'bot');
  const answers = { replyDeadlineSeconds: 1, replyDeadlineAction: 'failOver', nextSwitchboardIntegrationId: holder.id };
  await app.patch(`${at}/switchboardIntegrations/${silent.id}`, answers);
  await app.patch(at, { enabled: true, defaultSwitchboardIntegrationId: holder.id });
  const externalId = `end-user-${Math.random()}`;
  const { user } = await app.post('/users', { externalId });
  const { conversation } = await app.post('/conversations', { type: 'personal', participants: [{ userId: user.id }] });
  return {
    app,
    conversationId: conversation.id,
    userId: user.id,
    holder,
    desk,
    standby,
    silent,
    userToken: `Bearer ${tokenOf(app.key, externalId)}`,
  };
}

/** HS256, signed with a key of the app. */
function tokenOf({ id, secret }: Key, externalId: string): string {
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT', kid: id })}.${part({ scope: 'user', external_id: externalId })}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
