import type { AppConfiguration } from '../configuration/index.js';
import type { ConversationId, IsoTime, Millis, SwitchboardIntegrationId } from '../kernel/index.js';
import { isoTime } from '../platform/clock/index.js';
import { canReply, holderOf, pendingOf } from './core/index.js';
import type { Actor, Control, ConversationState, PostEnd, Session, WorkOffer } from './core/index.js';
import type { ConversationProfile } from './recorded.js';

/** Who did something; the id is that of the key, the integration or the user. */
export interface ActorView {
  readonly type: Actor['type'];
  /** `null`: the system. */
  readonly id: string | null;
}

export function actorView(by: Actor): ActorView {
  switch (by.type) {
    case 'app':
      return { type: 'app', id: by.keyId };
    case 'integration':
      return { type: 'integration', id: by.integrationId };
    case 'user':
      return { type: 'user', id: by.userId };
    case 'agent':
      return { type: 'agent', id: by.agentId };
    case 'system':
      return { type: 'system', id: null };
  }
}

/** The four fields that a conversation shows of a holder (`docs/wire.md` 7). */
export interface HolderView {
  readonly id: SwitchboardIntegrationId;
  readonly name: string;
  readonly integrationId: string;
  readonly integrationType: string;
}

/** A conversation as the API returns it; what stands behind `createdAt` is ours. */
export interface ConversationView {
  readonly id: ConversationId;
  readonly type: 'personal' | 'sdkGroup';
  readonly isDefault: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly displayName?: string;
  readonly description?: string;
  readonly iconUrl?: string;
  readonly activeSwitchboardIntegration?: HolderView;
  readonly pendingSwitchboardIntegration?: HolderView;
  readonly businessLastRead?: IsoTime;
  readonly lastUpdatedAt: IsoTime;
  readonly createdAt: IsoTime;
  readonly seq: number;
  readonly controlEpoch: number;
  /** The last session, live or over; absent before the first. */
  readonly session?: { readonly id: string; readonly status: Session['status'] };
  /** May the end user write here? */
  readonly canReply: boolean;
  /** May the end user begin a further conversation? */
  readonly newConversationAllowed: boolean;
}

/** What a conversation's row alone does not tell. */
export interface Standing {
  readonly now: Millis;
  readonly newConversationAllowed: boolean;
}

/**
 * A holder as others may see it; `null` when nobody holds control or when the switchboard integration was deleted: its
 * conversations show no holder at once, though each clears it only at its next command.
 */
export function holderView(configuration: AppConfiguration, id: SwitchboardIntegrationId | null): HolderView | null {
  if (id === null) return null;
  const found = configuration.switchboard?.integrations.find((integration) => integration.id === id);
  if (!found) return null;
  return { id, name: found.name, integrationId: found.integrationId, integrationType: found.integrationType };
}

/** Holder and pending one, each only when there is one (`docs/wire.md` 1: a field without a value is left out). */
export function holdersView(
  configuration: AppConfiguration,
  control: Control,
): {
  activeSwitchboardIntegration?: HolderView;
  pendingSwitchboardIntegration?: HolderView;
} {
  const active = holderView(configuration, holderOf(control));
  const pending = holderView(configuration, pendingOf(control));
  return {
    ...(active && { activeSwitchboardIntegration: active }),
    ...(pending && { pendingSwitchboardIntegration: pending }),
  };
}

export function conversationView(
  id: ConversationId,
  profile: ConversationProfile,
  state: Pick<ConversationState, 'control' | 'seq' | 'controlEpoch' | 'lifecycle' | 'session' | 'messageCount'>,
  configuration: AppConfiguration,
  { now, newConversationAllowed }: Standing,
): ConversationView {
  const { session } = state;
  return {
    id,
    type: profile.type,
    isDefault: profile.isDefault,
    metadata: profile.metadata,
    ...(profile.displayName !== null && { displayName: profile.displayName }),
    ...(profile.description !== null && { description: profile.description }),
    ...(profile.iconUrl !== null && { iconUrl: profile.iconUrl }),
    ...holdersView(configuration, state.control),
    ...(profile.businessLastRead !== null && { businessLastRead: profile.businessLastRead }),
    lastUpdatedAt: profile.lastUpdatedAt,
    createdAt: profile.createdAt,
    seq: state.seq,
    controlEpoch: state.controlEpoch,
    ...(session && { session: { id: session.id, status: session.status } }),
    canReply: canReply(state, configuration.settings, now),
    newConversationAllowed,
  };
}

/** A session as the API returns it, live or over. Times are ISO; what has not happened is absent. */
export interface SessionView {
  readonly id: string;
  readonly conversationId: ConversationId;
  readonly userId?: string;
  readonly status: Session['status'];
  readonly startedAt: IsoTime;
  readonly acceptedAt?: IsoTime;
  readonly origin: Session['origin'];
  readonly channelId?: string;
  readonly handledBy: Session['handledBy'];
  readonly messages: Session['messages'];
  readonly agentId?: string;
  readonly workItemId?: string;
  readonly queueId?: string;
  /** While it waits: since when, its place in line, and which agent is asked. */
  readonly waiting?: unknown;
  readonly transferring?: unknown;
  readonly inactiveSince?: IsoTime;
  readonly ticket?: unknown;
  readonly endedBy?: unknown;
  readonly endReason?: string;
  readonly endRequestedAt?: IsoTime;
  readonly endedAt?: IsoTime;
  readonly postEnd?: unknown;
}

export function sessionView(conversationId: ConversationId, userId: string | null, session: Session): SessionView {
  const end = 'end' in session ? session.end : null;
  const postEnd = 'postEnd' in session ? session.postEnd : null;
  return {
    id: session.id,
    conversationId,
    ...(userId !== null && { userId }),
    status: session.status,
    startedAt: isoTime(session.startedAt),
    ...(session.acceptedAt !== null && { acceptedAt: isoTime(session.acceptedAt) }),
    origin: session.origin,
    ...(session.channelId !== null && { channelId: session.channelId }),
    handledBy: session.handledBy,
    messages: session.messages,
    ...humanView(session),
    ...(end && { endedBy: end.endedBy, endReason: end.reason, endRequestedAt: isoTime(end.requestedAt) }),
    ...('endedAt' in session && { endedAt: isoTime(session.endedAt) }),
    ...(postEnd && { postEnd: postEndView(postEnd) }),
  };
}

/** The session's agent and queue; what has not happened is absent. */
function humanView(session: Session): Partial<SessionView> {
  const { human } = session;
  return {
    ...(human && human.owner !== null && { agentId: human.owner }),
    ...(human && human.workItemId !== null && { workItemId: human.workItemId }),
    ...(human && human.queueId !== null && { queueId: human.queueId }),
    ...(human?.ticket && { ticket: human.ticket }),
    ...(session.status === 'WAITING' && { waiting: waitingView(session) }),
    ...(session.status === 'ACTIVE' && session.transferring && { transferring: offerView(session.transferring) }),
    ...(session.status === 'INACTIVE' && { inactiveSince: isoTime(session.since) }),
  };
}

const waitingView = ({ human, waiting }: Extract<Session, { status: 'WAITING' }>) => ({
  since: isoTime(waiting.since),
  requestedAt: isoTime(human.requestedAt),
  skills: waiting.skills,
  ...(waiting.offer && { offer: offerView(waiting.offer) }),
});

const offerView = ({ agentId, workItemId, offeredAt, expiresAt }: WorkOffer) => ({
  agentId,
  workItemId,
  offeredAt: isoTime(offeredAt),
  ...(expiresAt !== null && { expiresAt: isoTime(expiresAt) }),
});

function postEndView(postEnd: PostEnd): unknown {
  return {
    switchboardIntegrationId: postEnd.integrationId,
    startedAt: isoTime(postEnd.startedAt),
    ...(postEnd.deadline !== null && { deadline: isoTime(postEnd.deadline) }),
    ...(postEnd.finishedAt !== null && { finishedAt: isoTime(postEnd.finishedAt) }),
    forced: postEnd.forced,
  };
}
