import type { ConversationId, Millis, SessionId, WorkItemId } from '../../kernel/index.js';
import type { Agent, AgentProfile, PresenceStatus, Ticket, WorkItem } from './agent.js';
import type { AgentDecision } from './events.js';

/** What an agent does alone. What happens to a session is a conversation's command and comes back as a `WorkChange`. */
export type AgentCommand =
  /** `connection` names the desk, so that another one is told apart from a repeat (M-11). */
  | { readonly type: 'login'; readonly connection: string; readonly status: Exclude<PresenceStatus, 'offline'> }
  | {
      readonly type: 'setStatus';
      readonly status: PresenceStatus;
      readonly cause: 'chosen' | 'supervisor' | 'maintenance';
    }
  | {
      readonly type: 'logout';
      readonly confirmed: boolean;
      readonly endsSessions: 'always' | 'tab_based_only' | 'never';
    }
  /** The desk is silent, or said that it is gone; offline follows unless it is back in time. */
  | { readonly type: 'loseConnection'; readonly connection: string; readonly graceSeconds: number }
  | { readonly type: 'regainConnection'; readonly connection: string }
  /** A timer; another grace, or none, makes it a no-op. */
  | { readonly type: 'graceOver'; readonly until: Millis }
  | { readonly type: 'closeWorkItem'; readonly workItemId: WorkItemId }
  /** The shell writes the words; here it is only asked whether there is something to write on. */
  | { readonly type: 'saveNotes'; readonly workItemId: WorkItemId }
  | { readonly type: 'setTicket'; readonly workItemId: WorkItemId; readonly ticket: Ticket }
  | { readonly type: 'extendAfterWork'; readonly workItemId: WorkItemId }
  | { readonly type: 'finishAfterWork'; readonly workItemId: WorkItemId }
  /** A timer; an extension in between makes it a no-op. */
  | { readonly type: 'afterWorkOver'; readonly workItemId: WorkItemId; readonly until: Millis }
  | { readonly type: 'setProfile'; readonly profile: AgentProfile };

/** One conversation that has to hear that its agent is gone, as a command of its own. */
export interface Departure {
  readonly workItemId: WorkItemId;
  readonly sessionId: SessionId;
  readonly conversationId: ConversationId;
  /** `detach`: back to the queue, or the offer withdrawn (M-11, T12); `end`: a confirmed logout (M-14). */
  readonly what: 'detach' | 'end';
}

/** What a logout would do to the session: end it, put it back in the queue, or leave it with the agent. */
export interface OngoingWork extends WorkItem {
  readonly becomes: 'ended' | 'waiting' | 'unchanged';
}

export interface AgentOutcome extends AgentDecision {
  /** `null`: done, or nothing to do. A refusal changes nothing. */
  readonly refusal: AgentRefusal | null;
  readonly departures: readonly Departure[];
}

export type AgentRefusal =
  /** 409 `ongoing_sessions`: say `confirm` (M-14). */
  | { readonly reason: 'ongoingSessions'; readonly work: readonly OngoingWork[] }
  /** 409 `choice_required`: the session lives; end it or let it rest (T22). */
  | { readonly reason: 'choiceRequired' }
  /** 409: an offer has no tab; accept or decline it. */
  | { readonly reason: 'notOpen' }
  /** 409: only who is logged in has a presence. */
  | { readonly reason: 'notLoggedIn' }
  /** 409: another desk has logged in since. */
  | { readonly reason: 'connectionReplaced' }
  /** 403 */
  | { readonly reason: 'agentInactive' }
  /** 404, or done already: the shell knows what was closed. */
  | { readonly reason: 'workItemNotFound' }
  /** 409 */
  | { readonly reason: 'notInAfterWork' }
  /** 409 */
  | { readonly reason: 'noExtensionLeft'; readonly mostExtensions: number };

export const initialAgent = (id: Agent['id'], profile: AgentProfile, now: Millis): Agent => ({
  id,
  profile,
  presence: { status: 'offline', loggedIn: false, since: now, graceUntil: null, connection: null },
  work: [],
  seq: 0,
});
