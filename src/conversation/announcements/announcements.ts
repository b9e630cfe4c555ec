import type { EventName, SwitchboardEvents } from '../../../sdk/index.js';
import type { OutboxMessage } from '../../ledger/index.js';
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
  sessionStarted: 'session.started',
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
      return { messageId: event.messageId, sessionId: event.sessionId } satisfies Own<'endNoteWritten'>;
    case 'controlOffered':
      return {
        ...plain(event),
        expiresAt: event.expiresAt === null ? null : isoTime(event.expiresAt),
      } satisfies Own<'controlOffered'>;
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
          deadline: event.postEnd.deadline === null ? null : isoTime(event.postEnd.deadline),
        },
      } satisfies Own<'sessionEnding'>;
    case 'sessionEnded':
      return endedData(event, after.session, settled);
    default:
      return plain(event);
  }
}

/** The core's fields as they are, with the actor in the form of the wire. */
function plain<Event extends ConversationEvent>(event: Event): Omit<Event, 'type' | 'by'> & { by: ActorView } {
  const { type: _type, ...fields } = event;
  return ('by' in event ? { ...fields, by: actorView(event.by) } : fields) as Omit<Event, 'type' | 'by'> & {
    by: ActorView;
  };
}

const requested = ({ endedBy, reason, requestedAt }: EndFacts) => ({
  endedBy,
  endReason: reason,
  endRequestedAt: isoTime(requestedAt),
});
