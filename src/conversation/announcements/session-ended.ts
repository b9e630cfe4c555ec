import type { CsatEligibility, EndedPostEnd, SessionEnded } from '../../../sdk/index.js';
import type { Metadata, UserId } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import { canReply, surveyAfter } from '../core/index.js';
import type { ControllerKind, ConversationEvent, EndFacts, OnEnd, PostEnd, Session, World } from '../core/index.js';
import type { Settled, UserSnapshot } from '../recorded.js';
import { endedMetrics, humanData } from './session-ended-humans.js';

type Ended = Extract<ConversationEvent, { type: 'sessionEnded' }>;
type Data = Omit<SessionEnded, 'schemaVersion' | 'appId' | 'conversationId' | 'seq' | 'controlEpoch'>;

/** `session.ended` with all that a consumer decides by, so that it need ask nobody (`docs/rules.md` 4). */
export function endedData({ sessionId, end, postEnd }: Ended, session: Session | null, settled: Settled): Data {
  const { after, world, profile, users } = settled;
  if (session?.id !== sessionId) throw new Error("a session ended that is not the conversation's");
  const user = profile.userId === null ? null : (users.get(profile.userId as UserId) ?? null);
  return {
    sessionId,
    endUserId: profile.userId,
    externalUserId: user?.externalId ?? null,
    locale: textOf(user, 'locale'),
    channel: { id: world.channel.id, kind: world.channel.kind, tier: world.channel.tier },
    origin: session.origin,
    endedBy: end.endedBy,
    endReason: end.reason,
    startedAt: isoTime(session.startedAt),
    acceptedAt: session.acceptedAt === null ? null : isoTime(session.acceptedAt),
    endRequestedAt: isoTime(end.requestedAt),
    endedAt: isoTime(world.now),
    handlerType: handlerType(session.handledBy),
    stateAtEnd: end.stateAtEnd,
    ...humanData(session, end, settled),
    control: { activeAtEnd: end.controllerAtEnd, kindAtEnd: end.controllerKindAtEnd },
    postEnd: postEndData(postEnd, end.postEndSkipped),
    conversation: {
      open: after.lifecycle === 'open',
      endUserCanReply: canReply(after, world.settings, world.now),
      reopenAllowed: !world.settings.disableConversationReopen,
    },
    csat: csatData(session, end, settled, textOf(user, 'email')),
    metrics: endedMetrics(session, end),
    settingsSnapshot: snapshot(world),
  };
}

/** The whole decision about a survey, and what it rests on: whoever hears of it only obeys. */
function csatData(session: Session, end: EndFacts, settled: Settled, email: string | null): CsatEligibility {
  const { after, world } = settled;
  const { mode, sendOn, afterSilence, waitSeconds, delivery } = settled.configuration.settings.csat;
  const alreadyRequested = releasedWith(settled)?.['csatRequested'] === true;
  const decision = surveyAfter(
    {
      endedBy: end.endedBy.type,
      endReason: end.reason,
      byHuman: session.acceptedAt !== null,
      answered: session.handledBy.length > 0,
      alreadyRequested,
      conversationRemoved: after.lifecycle === 'removed',
      ticketSolved: session.human?.ticket?.status === 'solved',
    },
    { mode, sendOn, afterSilence },
  );
  const elsewhere = email === null ? 'none' : 'email';
  return {
    ...decision,
    alreadyRequested,
    channelHint: canReply(after, world.settings, world.now) ? 'in_channel' : elsewhere,
    delivery,
    askAt: decision.eligible ? isoTime(world.now + waitSeconds * 1000) : null,
    mode,
    sendOn,
    afterSilence,
  };
}

/** A post-end integration that asked for a rating by itself says so as it releases. */
function releasedWith({ recorded }: Settled): Metadata | null {
  const release = recorded.find(({ event }) => event.type === 'controlReleased')?.event;
  return release?.type === 'controlReleased' ? release.metadata : null;
}

function handlerType(handledBy: readonly ControllerKind[]): SessionEnded['handlerType'] {
  if (handledBy.length === 0) return 'system';
  if (handledBy.length === 1) return handledBy[0] ?? 'system';
  return 'bot_to_agent';
}

function postEndData(postEnd: PostEnd | null, skipped: boolean): EndedPostEnd | null {
  if (postEnd === null) {
    return skipped ? { integrationId: null, startedAt: null, finishedAt: null, forced: false, skipped } : null;
  }
  return {
    integrationId: postEnd.integrationId,
    startedAt: isoTime(postEnd.startedAt),
    finishedAt: postEnd.finishedAt === null ? null : isoTime(postEnd.finishedAt),
    forced: postEnd.forced,
    skipped,
  };
}

const snapshot = ({
  channel,
  settings: { endSessionEnabled, agentsCanEnd, disableConversationReopen, onEnd },
}: World) => ({
  capacityModel: channel.load.model,
  endSessionEnabled,
  agentsCanEnd,
  disableConversationReopen,
  onEnd: {
    endUser: named(onEnd.end_user),
    agent: named(onEnd.agent),
    bot: named(onEnd.bot),
    system: named(onEnd.system),
  },
});

const named = (onEnd: OnEnd): string => (onEnd.mode === 'release' ? 'release' : `pass:${onEnd.to}`);

const textOf = (user: UserSnapshot | null, field: string): string | null => {
  const value = user?.profile[field];
  return typeof value === 'string' ? value : null;
};
