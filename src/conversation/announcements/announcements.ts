import type { EventName, SwitchboardEvents } from '../../../sdk/index.js';
import type { OutboxMessage } from '../../ledger/index.js';
import type { IsoTime, Millis } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { ConversationEvent, ConversationEventType, EndFacts } from '../core/index.js';
import type { Recorded, Settled } from '../recorded.js';
import { actorView, type ActorView } from '../views.js';
import { endedData } from './session-ended.js';

/**
 * Every event as the stream `SWITCHBOARD` carries it: CloudEvents 1.0 in JSON, ids and facts, never a body. Rendered
 * once, inside the transaction, so that repeats are byte for byte the same.
 */
export function announcements(settled: Settled): OutboxMessage[] {
  const { appId, conversationId, recorded, world } = settled;
  if (recorded.length === 0) return [];
  const time = isoTime(world.now);
  const address = `.${appId}.${conversationId}`;
  return recorded.map((entry) => {
    const type = `switchboard.v1.${NAMES[entry.event.type]}`;
    return {
      eventId: entry.id,
      conversationId,
      seq: entry.seq,
      subject: type + address,
      body: JSON.stringify({
        specversion: '1.0',
        id: entry.id,
        source: `/apps/${appId}`,
        type,
        subject: conversationId,
        time,
        datacontenttype: 'application/json',
        data: {
          schemaVersion: 1,
          appId,
          conversationId,
          seq: entry.seq,
          controlEpoch: entry.controlEpoch,
          ...dataOf(entry, settled),
        },
      }),
    };
  });
}

/** The name under which the world hears of an event. */
const NAMES = {
  conversationStarted: 'conversation.created',
  conversationChanged: 'conversation.changed',
  conversationClosed: 'conversation.closed',
  conversationRemoved: 'conversation.removed',
  conversationRead: 'conversation.read',
  participantJoined: 'participant.joined',
  participantLeft: 'participant.left',
  messageReceived: 'message.received',
  messageSent: 'message.sent',
  messagesRemoved: 'message.removed',
  endNoteWritten: 'message.noted',
  ticketNoteWritten: 'message.noted',
  postbackReceived: 'postback.received',
  controlAssigned: 'control.assigned',
  controlPassed: 'control.passed',
  controlOffered: 'control.offered',
  controlAccepted: 'control.accepted',
  controlDeclined: 'control.declined',
  offerExpired: 'control.expired',
  controlReleased: 'control.released',
  holderRemoved: 'control.removed',
  controlFailed: 'control.failed',
  holderFailed: 'control.holder_failed',
  replyOverdue: 'control.reply_overdue',
  offersExhausted: 'control.offers_exhausted',
  handOffLoopStopped: 'control.loop_stopped',
  sessionStarted: 'session.started',
  consentRequested: 'session.consent_requested',
  consentGiven: 'session.consent_given',
  consentRefused: 'session.consent_refused',
  sessionAnswered: 'session.state_changed',
  sessionQueued: 'session.state_changed',
  sessionDequeued: 'session.state_changed',
  queueOverflowed: 'session.queue_overflowed',
  workOffered: 'work_item.offered',
  workDeclined: 'work_item.declined',
  workOpened: 'work_item.opened',
  workTransferred: 'work_item.transferred',
  workIdled: 'work_item.idled',
  agentJoined: 'participant.joined',
  agentLeft: 'participant.left',
  sessionInactivated: 'session.inactivated',
  sessionReactivated: 'session.reactivated',
  sessionReminded: 'session.reminder_sent',
  surveyPosted: 'survey.posted',
  surveyAnswered: 'csat.answered',
  ticketChanged: 'ticket.changed',
  sessionEndRequested: 'session.end_requested',
  sessionEnding: 'session.ending',
  sessionEnded: 'session.ended',
} as const satisfies Record<ConversationEventType, EventName>;

/** An event's own fields; where the wire has them otherwise than the core, they are named here. */
type Own<Type extends ConversationEventType> = Omit<
  SwitchboardEvents[(typeof NAMES)[Type]],
  'schemaVersion' | 'appId' | 'conversationId' | 'seq' | 'controlEpoch'
>;

function dataOf({ event, after }: Recorded, settled: Settled): object {
  switch (event.type) {
    case 'endNoteWritten':
    case 'ticketNoteWritten':
      return { messageId: event.messageId, sessionId: event.sessionId } satisfies Own<'endNoteWritten'>;
    case 'participantJoined':
      return {
        ...plain(event),
        role: 'end_user',
        agentId: null,
        sessionId: null,
      } satisfies Own<'participantJoined'>;
    case 'participantLeft':
      return {
        ...plain(event),
        role: 'end_user',
        agentId: null,
        sessionId: null,
        why: null,
      } satisfies Own<'participantLeft'>;
    case 'agentJoined':
      return { ...plain(event), userId: null, by: null } satisfies Own<'agentJoined'>;
    case 'agentLeft':
      return { ...plain(event), userId: null, by: null } satisfies Own<'agentLeft'>;
    case 'sessionQueued':
    case 'sessionDequeued':
    case 'sessionAnswered':
      return stateChange(event) satisfies Own<'sessionQueued'>;
    case 'workOffered':
      return {
        ...plain(event),
        expiresAt: isoOrNull(event.expiresAt),
      } satisfies Own<'workOffered'>;
    case 'ticketChanged':
      return {
        sessionId: event.sessionId,
        ticketId: event.ticket.id,
        status: event.ticket.status,
      } satisfies Own<'ticketChanged'>;
    case 'surveyPosted':
      return {
        ...plain(event),
        closesAt: isoTime(event.closesAt),
        link: settled.surveyLink,
      } satisfies Own<'surveyPosted'>;
    case 'surveyAnswered':
      return plain(event) satisfies Own<'surveyAnswered'>;
    case 'controlPassed':
      return { ...plain(event), partingUntil: isoOrNull(event.partingUntil) } satisfies Own<'controlPassed'>;
    case 'controlAccepted':
      return { ...plain(event), partingUntil: isoOrNull(event.partingUntil) } satisfies Own<'controlAccepted'>;
    case 'controlOffered':
      return {
        ...plain(event),
        expiresAt: isoOrNull(event.expiresAt),
        fallback: event.fallback?.chain ?? [],
      } satisfies Own<'controlOffered'>;
    case 'replyOverdue':
      return { holder: event.holder, owedSince: isoTime(event.owedSince) } satisfies Own<'replyOverdue'>;
    case 'offerExpired':
      return { pending: event.pending, offerSeq: event.offerSeq } satisfies Own<'offerExpired'>;
    case 'sessionEndRequested':
      return { sessionId: event.sessionId, ...requested(event.end) } satisfies Own<'sessionEndRequested'>;
    case 'sessionEnding':
      return {
        sessionId: event.sessionId,
        postEnd: {
          integrationId: event.postEnd.integrationId,
          startedAt: isoTime(event.postEnd.startedAt),
          deadline: isoOrNull(event.postEnd.deadline),
        },
      } satisfies Own<'sessionEnding'>;
    case 'sessionEnded':
      return endedData(event, after.session, settled);
    default:
      return plain(event);
  }
}

const isoOrNull = (at: Millis | null): IsoTime | null => (at === null ? null : isoTime(at));

/** The core's fields as they are, with the actor in the form of the wire. */
function plain<Event extends ConversationEvent>(event: Event): Omit<Event, 'type' | 'by'> & { by: ActorView } {
  const { type: _type, ...fields } = event;
  return ('by' in event ? { ...fields, by: event.by && actorView(event.by) } : fields) as Omit<Event, 'type' | 'by'> & {
    by: ActorView;
  };
}

/** One name for every way into the queue, and out of it without an agent. */
function stateChange(
  event: Extract<ConversationEvent, { type: 'sessionQueued' | 'sessionDequeued' | 'sessionAnswered' }>,
): Own<'sessionQueued'> {
  const { sessionId } = event;
  const nowhere = { queueId: null, requestedAt: null, skills: [], preferredAgentId: null, load: null, by: null };
  switch (event.type) {
    case 'sessionDequeued':
      return { sessionId, from: 'WAITING', to: 'ACTIVE', reason: event.reason, ...nowhere };
    case 'sessionAnswered':
      return { sessionId, from: 'NEW', to: 'ACTIVE', reason: 'answered', ...nowhere };
    case 'sessionQueued': {
      const { from, reason, queueId, requestedAt, skills, preferred, load } = event;
      const place = { queueId, requestedAt: isoTime(requestedAt), skills, preferredAgentId: preferred, load };
      return { sessionId, from, to: 'WAITING', reason, ...place, by: event.by && actorView(event.by) };
    }
  }
}

const requested = ({ endedBy, reason, requestedAt }: EndFacts) => ({
  endedBy,
  endReason: reason,
  endRequestedAt: isoTime(requestedAt),
});
