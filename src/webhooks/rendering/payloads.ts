import type { WebhookSetting } from '../../configuration/index.js';
import {
  holdersView,
  holderView,
  sdkClientOf,
  webIntegration,
  type ActivitySignal,
  type MessageBody,
  type Settled,
  type UserEvent,
  type UserSnapshot,
} from '../../conversation/index.js';
import type { AppId, Metadata, SwitchboardIntegrationId, UserId, WebhookId } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { Moment } from './moments.js';
import { userTriggerOf } from './triggers.js';

/** What a webhook asked to see. Events are rendered once per variant, not once per webhook. */
export type Variant = Pick<WebhookSetting, 'includeFullUser' | 'includeFullSource'>;

type Json = Readonly<Record<string, unknown>>;

/**
 * The event of one moment as JSON text (`docs/wire.md` 9): `{id, type, createdAt, payload}` and, ours, `seq` and
 * `controlEpoch`, so that a receiver can see gaps and fence its own answers.
 */
export function renderEvent(settled: Settled, moment: Moment, variant: Variant): string {
  const { recorded, trigger, shown } = moment;
  return JSON.stringify({
    id: recorded.id,
    type: trigger,
    createdAt: isoTime(recorded.at),
    payload: { conversation: truncated(settled, shown), ...details(settled, moment, variant) },
    seq: recorded.seq,
    controlEpoch: shown.controlEpoch,
  });
}

/** A typing or read event. Its `seq` is the conversation's last: it takes no number of its own. */
export function renderActivity(id: string, signal: ActivitySignal, variant: Variant): string {
  const { activity, state, user } = signal;
  const author = user === null ? activity.author : { ...activity.author, user: userView(user, variant) };
  return JSON.stringify({
    id,
    type: activity.type === 'conversation:read' ? 'conversation:read' : 'conversation:typing',
    createdAt: isoTime(signal.at),
    payload: {
      conversation: truncated(signal, state),
      activity: { type: activity.type, author, source: sourceView(activity.source, variant, user) },
    },
    seq: state.seq,
    controlEpoch: state.controlEpoch,
  });
}

/** An event of an end user. `seq` is ours and counts what was told of them; there is no conversation that it is of. */
export function renderUserEvent(event: UserEvent, variant: Variant): string {
  const { id, type, user, told, reason, by, at, configuration } = event;
  const source = by === 'web' ? { type: 'web', ...webIntegration(configuration.integrations) } : { type: 'api' };
  return JSON.stringify({
    id,
    type: userTriggerOf(event),
    createdAt: isoTime(at),
    payload:
      type === 'userRemoved'
        ? { user: userView(user, TRUNCATED) }
        : {
            user: userView(user, variant),
            ...(reason !== null && { reason }),
            source: sourceView(source, variant, user),
          },
    seq: told,
  });
}

const TRUNCATED: Variant = { includeFullUser: false, includeFullSource: false };

/** The body of one POST: the rendered event in the envelope of its webhook. Ids are hex, so they need no escaping. */
export function envelope(appId: AppId, webhookId: WebhookId, event: string): string {
  return `{"app":{"id":"${appId}"},"webhook":{"id":"${webhookId}","version":"v2"},"events":[${event}]}`;
}

/** The envelope names another webhook; all else stays as it is, byte for byte where nothing was erased in between. */
export function readdressed(body: string, webhookId: WebhookId): string {
  if (!ENVELOPE.test(body)) return JSON.stringify({ ...JSON.parse(body), webhook: { id: webhookId, version: 'v2' } });
  return body.replace(ENVELOPE, `$1${webhookId}`);
}

const ENVELOPE = /^(\{"app":\{"id":"[^"]*"\},"webhook":\{"id":")[^"]*/;

function details(settled: Settled, moment: Moment, variant: Variant): Json {
  const { event } = moment.recorded;
  switch (event.type) {
    case 'conversationStarted':
      return created(settled, variant);
    case 'messageReceived':
    case 'messageSent':
    case 'endNoteWritten':
    case 'ticketNoteWritten':
    case 'consentRequested':
      return { message: messageView(settled, settled.messages.get(event.messageId), variant) };
    case 'holderFailed':
    case 'sessionReminded':
      return event.messageId === null
        ? {}
        : { message: messageView(settled, settled.messages.get(event.messageId), variant) };
    case 'surveyPosted':
    case 'surveyAnswered':
      return event.messageId === null
        ? {}
        : { message: messageView(settled, settled.messages.get(event.messageId), variant) };
    case 'participantJoined':
    case 'participantLeft':
      return member(settled, event.userId, variant);
    case 'postbackReceived':
      return postback(settled, event.userId, variant);
    case 'controlPassed':
    case 'controlReleased':
      return { ...metadataOf(event), ...(event.reason !== null && { reason: event.reason }) };
    case 'controlOffered':
    case 'controlAccepted':
      return metadataOf(event);
    case 'controlDeclined':
      return { ...whoWasInvited(settled, event.pending), ...metadataOf(event) };
    case 'offerExpired':
      return whoWasInvited(settled, event.pending);
    case 'controlFailed':
      return { error: { code: event.code, message: event.message }, ...metadataOf(event) };
    default:
      return {};
  }
}

/** A conversation as webhooks show it: `id`, `type`, `metadata` and who holds control, with four fields each. */
function truncated(
  of: Pick<Settled, 'conversationId' | 'profile' | 'configuration'>,
  shown: Pick<Moment['shown'], 'control'>,
): Json {
  const { type, metadata } = of.profile;
  return { id: of.conversationId, type, metadata, ...holdersView(of.configuration, shown.control) };
}

function created(settled: Settled, variant: Variant): Json {
  const { command, profile } = settled;
  const user = profile.userId === null ? undefined : settled.users.get(profile.userId);
  const byUser = 'by' in command && command.by.type === 'user';
  return {
    ...(user && profile.type === 'personal' && { user: userView(user, variant) }),
    creationReason: command.type === 'receiveMessage' ? 'message' : byUser ? 'startConversation' : 'none',
    source: byUser
      ? { type: 'web', ...webIntegration(settled.configuration.integrations) }
      : { type: 'api:conversations' },
  };
}

function messageView(settled: Settled, message: MessageBody | undefined, variant: Variant): Json {
  if (!message) throw new Error('an event names a message that its decision did not write');
  const { author, source } = message;
  const user = settled.users.get(author['userId'] as UserId);
  return {
    ...message,
    author: author.type === 'user' && user ? { ...author, user: userView(user, variant) } : author,
    source: sourceView(source, variant, user),
  };
}

function member(settled: Settled, userId: UserId, variant: Variant): Json {
  const user = settled.users.get(userId);
  return user ? { user: userView(user, variant) } : {};
}

function postback(settled: Settled, userId: UserId, variant: Variant): Json {
  if (!settled.postback) throw new Error('a postback event without what the button carried');
  const { source, ...pressed } = settled.postback;
  const user = settled.users.get(userId);
  return { postback: pressed, ...member(settled, userId, variant), source: sourceView(source, variant, user) };
}

/** Ours: the conversation no longer shows who was invited, so the event names it. */
function whoWasInvited(settled: Settled, id: SwitchboardIntegrationId): Json {
  const invited = holderView(settled.configuration, id);
  return invited === null ? {} : { switchboardIntegration: invited };
}

function metadataOf({ metadata }: { readonly metadata: Metadata | null }): Json {
  return metadata === null ? {} : { metadata };
}

/** Truncated unless the webhook asked for the full user (`docs/wire.md` 7). */
function userView(user: UserSnapshot, { includeFullUser }: Variant): Json {
  const { id, externalId, authenticated, signedUpAt, profile, metadata, identities } = user;
  return {
    id,
    ...(externalId !== null && { externalId }),
    authenticated,
    ...(includeFullUser && { signedUpAt, profile, metadata, identities }),
  };
}

/**
 * `client` and `device` go only to webhooks that asked for the full source. Of an end user's own client we know that there
 * is one; of the device nothing.
 */
function sourceView(source: Json, { includeFullSource }: Variant, user?: UserSnapshot | null): Json {
  const { client: _client, device: _device, ...truncatedSource } = source;
  if (!includeFullSource) return truncatedSource;
  const client = source['type'] === 'web' && user ? sdkClientOf(user) : null;
  return client === null ? source : { client, ...source };
}
