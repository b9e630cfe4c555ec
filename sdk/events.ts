import type {
  ConversationCreated,
  ConversationChanged,
  ConversationRead,
  ConversationClosed,
  ConversationRemoved,
  ParticipantJoined,
  ParticipantLeft,
  MessageReceived,
  MessageSent,
  MessageNoted,
  MessageRemoved,
  PostbackReceived,
} from './conversation-events.js';
import type {
  ControlAssigned,
  ControlPassed,
  ControlOffered,
  ControlAccepted,
  ControlDeclined,
  ControlExpired,
  ControlReleased,
  ControlRemoved,
  ControlFailed,
  ControlHolderFailed,
  ControlLoopStopped,
  ControlReplyOverdue,
  ControlOffersExhausted,
} from './control-events.js';
import type {
  SessionStarted,
  SessionConsentRequested,
  SessionConsent,
  SessionStateChanged,
  SessionQueueOverflowed,
  SessionInactivated,
  SessionReactivated,
  SessionReminderSent,
  SessionEndRequested,
  SessionEnding,
} from './session-events.js';
import type {
  WorkItemOffered,
  WorkItemDeclined,
  WorkItemOpened,
  WorkItemTransferred,
  WorkItemIdled,
  TicketChanged,
} from './work-events.js';
import type { StreamRestored } from './stream-events.js';
import type {
  AfterWorkMoved,
  AfterWorkStarted,
  AgentPresenceChanged,
  CapacityChanged,
  WorkItemClosed,
  WorkItemPaused,
  WorkItemUnpaused,
} from './agent-events.js';
import type { CloudEvent } from './envelope.js';
import type { SessionEnded } from './session-ended.js';
import type { CsatAnswered, SurveyPosted } from './surveys.js';

/**
 * Everything Switchboard announces, by name (`<noun>.<verb>`). Events carry ids and facts, never message bodies.
 *
 * Every event of a conversation is announced and `seq` has no gaps, so a consumer of all of them can prove that it
 * missed none. Fields and names are added over time: ignore what you do not know.
 */
export interface SwitchboardEvents {
  'conversation.created': ConversationCreated;
  'conversation.changed': ConversationChanged;
  'conversation.read': ConversationRead;
  'conversation.closed': ConversationClosed;
  'conversation.removed': ConversationRemoved;
  'participant.joined': ParticipantJoined;
  'participant.left': ParticipantLeft;
  'message.received': MessageReceived;
  'message.sent': MessageSent;
  'message.noted': MessageNoted;
  'message.removed': MessageRemoved;
  'postback.received': PostbackReceived;
  'control.assigned': ControlAssigned;
  'control.passed': ControlPassed;
  'control.offered': ControlOffered;
  'control.accepted': ControlAccepted;
  'control.declined': ControlDeclined;
  'control.expired': ControlExpired;
  'control.released': ControlReleased;
  'control.removed': ControlRemoved;
  'control.failed': ControlFailed;
  'control.holder_failed': ControlHolderFailed;
  'control.reply_overdue': ControlReplyOverdue;
  'control.offers_exhausted': ControlOffersExhausted;
  'control.loop_stopped': ControlLoopStopped;
  'session.started': SessionStarted;
  'session.consent_requested': SessionConsentRequested;
  'session.consent_given': SessionConsent;
  'session.consent_refused': SessionConsent;
  'session.state_changed': SessionStateChanged;
  'session.queue_overflowed': SessionQueueOverflowed;
  'session.inactivated': SessionInactivated;
  'session.reactivated': SessionReactivated;
  'session.reminder_sent': SessionReminderSent;
  'work_item.offered': WorkItemOffered;
  'work_item.declined': WorkItemDeclined;
  'work_item.opened': WorkItemOpened;
  'work_item.transferred': WorkItemTransferred;
  'work_item.idled': WorkItemIdled;
  'work_item.paused': WorkItemPaused;
  'work_item.unpaused': WorkItemUnpaused;
  'work_item.closed': WorkItemClosed;
  'capacity.changed': CapacityChanged;
  'after_work.started': AfterWorkStarted;
  'after_work.moved': AfterWorkMoved;
  'agent.presence_changed': AgentPresenceChanged;
  'ticket.changed': TicketChanged;
  'survey.posted': SurveyPosted;
  'csat.answered': CsatAnswered;
  'session.end_requested': SessionEndRequested;
  'session.ending': SessionEnding;
  'session.ended': SessionEnded;
  'stream.restored': StreamRestored;
}

export type EventName = keyof SwitchboardEvents;

/** One announced event; without a name, the union of all, told apart by `type`. */
export type SwitchboardEvent<Name extends EventName = EventName> = {
  [N in Name]: CloudEvent<`switchboard.v1.${N}`, SwitchboardEvents[N]>;
}[Name];
