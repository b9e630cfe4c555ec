import type { Load, Ticket } from '../../agents/core/index.js';
import type {
  AgentId,
  ChannelId,
  Millis,
  QueueId,
  SessionId,
  SwitchboardIntegrationId,
  WorkItemId,
} from '../../kernel/index.js';
import type { ControllerKind, EndActor } from './world.js';

/**
 * One engagement inside a conversation (`docs/rules.md` 2.1).
 *
 * The status says what the session waits for, not who holds control: that is `Control`, unheld included. WAITING,
 * agents and INACTIVE-by-routing come with an agent workspace; a desk that is an integration of its own is simply the
 * holder of an ACTIVE session.
 */
export type Session =
  | NewSession
  | ConsentSession
  | WaitingSession
  | ActiveSession
  | InactiveSession
  | EndingSession
  | OverSession;

export type LiveSession = Exclude<Session, EndingSession | OverSession>;

export interface SessionFacts {
  readonly id: SessionId;
  readonly origin: Origin;
  readonly channelId: ChannelId | null;
  readonly startedAt: Millis;
  /** When a human first took over: an agent accepted, or a desk integration got control; `null`: no human ever did. */
  readonly acceptedAt: Millis | null;
  /** The kinds that handled the session, in the order they first did; a post-end flow is not counted. */
  readonly handledBy: readonly ControllerKind[];
  readonly messages: MessageCounts;
  readonly talk: Talk;
  /** `null` until the session first meets the human side. */
  readonly human: HumanSide | null;
}

export type Origin = 'inbound' | 'agent_initiated' | 'triggered_outbound';

/** Messages of the session by who wrote them; end notes are not counted (E-20). */
export interface MessageCounts {
  readonly endUser: number;
  readonly bot: number;
  readonly agent: number;
  /** Business messages sent with an app or account key, or by an unlinked integration. */
  readonly other: number;
}

/**
 * Who wrote last, for idle clocks and response times. Messages of bots and of the system are no part of it
 * (`docs/rules.md` 5.8).
 */
export interface Talk {
  readonly customerAt: Millis | null;
  /** The human's first message after the customer's last one: the customer's silence counts from here (I-10). */
  readonly answeredAt: Millis | null;
  /** The customer's first message after the human's last one: the human's silence counts from here. */
  readonly askedAt: Millis | null;
  /** Since when the present holder holds control. */
  readonly heldSince: Millis;
  /** Reminders sent in the present silence of the customer. */
  readonly reminded: number;
  readonly warned: { readonly customer: boolean; readonly agent: boolean };
  /** The agent's bucket counts it no longer: the customer was silent for ten minutes (`docs/rules.md` 3.6 and D9). */
  readonly idle: boolean;
  readonly agentResponses: Responses;
  readonly customerResponses: Responses;
}

export interface Responses {
  readonly count: number;
  readonly totalMs: Millis;
  readonly longestMs: Millis;
}

/** The session and its agents. */
export interface HumanSide {
  /** Who handles it; `null` in the queue, and when it went inactive under tab-based capacity. */
  readonly owner: AgentId | null;
  readonly workItemId: WorkItemId | null;
  readonly lastAgent: AgentId | null;
  readonly queueId: QueueId | null;
  /** When a human was asked for: the place in line, kept while no agent has given the session up (M-11). */
  readonly requestedAt: Millis;
  /** What it asks of an agent, frozen when it was queued; `null` before. */
  readonly load: Load | null;
  /** Routing assigned it to somebody at least once (K-2). */
  readonly routed: boolean;
  readonly participants: readonly Participation[];
  readonly ticket: Ticket | null;
}

export interface Participation {
  readonly agentId: AgentId;
  readonly role: 'agent' | 'supervisor';
  /** An observer has none. */
  readonly workItemId: WorkItemId | null;
  readonly joinedAt: Millis;
  readonly leftAt: Millis | null;
}

/** The business wrote first; no answer yet. */
export interface NewSession extends SessionFacts {
  readonly status: 'NEW';
}

/** The end user has to agree before the talk goes on. */
export interface ConsentSession extends SessionFacts {
  readonly status: 'CONSENT';
}

/** Needs a human; in the queue or offered. */
export interface WaitingSession extends SessionFacts {
  readonly status: 'WAITING';
  readonly human: HumanSide;
  readonly waiting: Waiting;
}

export interface Waiting {
  readonly since: Millis;
  readonly skills: readonly string[];
  /** Asked first, if they serve the queue: the last agent, or the one a colleague named. */
  readonly preferred: AgentId | null;
  /** Who said no in this round; all of them again once nobody is left (T12). */
  readonly tried: readonly AgentId[];
  readonly offer: WorkOffer | null;
  /** Nobody came in time and there was nowhere else to go: it is not tried again in this stay (T13). */
  readonly overflowed: boolean;
}

/** Reserves the agent's capacity until it is answered (K-3). */
export interface WorkOffer {
  readonly agentId: AgentId;
  readonly workItemId: WorkItemId;
  readonly offeredAt: Millis;
  /** `null`: it waits for the agent. */
  readonly expiresAt: Millis | null;
}

/** Somebody may answer: the holder of control, or, when nobody holds it, whoever gets it next. */
export interface ActiveSession extends SessionFacts {
  readonly status: 'ACTIVE';
  /** Offered to a colleague; until they accept the owner stays (T18). */
  readonly transferring: WorkOffer | null;
}

/** The customer has gone quiet; parked. */
export interface InactiveSession extends SessionFacts {
  readonly status: 'INACTIVE';
  readonly since: Millis;
}

/** The end was asked; a post-end integration holds control. Not ended yet (E-13). */
export interface EndingSession extends SessionFacts {
  readonly status: 'ENDING';
  readonly end: EndFacts;
  readonly postEnd: PostEnd;
}

/** Terminal and immutable. */
export interface OverSession extends SessionFacts {
  readonly status: 'ENDED' | 'ERROR';
  readonly end: EndFacts;
  readonly postEnd: PostEnd | null;
  readonly endedAt: Millis;
}

/** Frozen at the first end request: the first actor and reason win (`docs/rules.md` 2.3 steps 2 and 3). */
export interface EndFacts {
  readonly endedBy: EndedBy;
  readonly reason: EndReason;
  readonly requestedAt: Millis;
  readonly stateAtEnd: LiveSession['status'];
  /** The holder when the end was asked. */
  readonly controllerAtEnd: SwitchboardIntegrationId | null;
  readonly controllerKindAtEnd: ControllerKind | null;
  readonly ownerAtEnd: AgentId | null;
  /** Set when `onEnd` named a target that is unknown, disabled or the holder itself, so control was released instead. */
  readonly postEndSkipped: boolean;
}

export interface EndedBy {
  readonly type: EndActor;
  /** The user, agent, switchboard integration or key that asked; `null` for a timer. */
  readonly id: string | null;
  readonly via: EndVia;
}

export type EndVia = 'window' | 'list' | 'widget' | 'api' | 'timer' | 'automation' | 'logout';

/** Why it ended: `docs/rules.md` 4. */
export type EndReason =
  | 'end_user_ended'
  | 'agent_ended'
  | 'bot_completed'
  | 'no_response'
  | 'inactive_expired'
  | 'customer_idle'
  | 'agent_idle'
  | 'bot_idle'
  | 'token_expired'
  | 'abandoned_in_queue'
  | 'queue_timeout'
  | 'agent_logout'
  | 'opted_out'
  | 'automation'
  /** The app is gone, and nobody is left to ask (`docs/rules.md` 4). */
  | 'app_deleted'
  | 'error';

export interface PostEnd {
  readonly integrationId: SwitchboardIntegrationId;
  readonly startedAt: Millis;
  /** When the platform ends the flow by itself (`endingMax`); `null`: never. */
  readonly deadline: Millis | null;
  readonly finishedAt: Millis | null;
  /** Ended by the platform (deadline, deleted integration, removed conversation) rather than by a release. */
  readonly forced: boolean;
}

/** Is over: nothing of it happens any more. */
export const isOver = (session: Session | null): boolean => session?.status === 'ENDED' || session?.status === 'ERROR';

/** May still be ended, paused or queued. */
export const isLive = (session: Session | null): session is LiveSession =>
  session !== null && session.status !== 'ENDING' && session.status !== 'ENDED' && session.status !== 'ERROR';

/** Which agent is being asked, by routing or by a colleague. */
export function offeredAgent(session: Session | null): AgentId | null {
  if (session?.status === 'WAITING') return session.waiting.offer?.agentId ?? null;
  return session?.status === 'ACTIVE' ? (session.transferring?.agentId ?? null) : null;
}

/** Agents who have it or had it, each once. */
export const agentsOf = ({ human }: Session): readonly AgentId[] => [
  ...new Set((human?.participants ?? []).filter(({ role }) => role === 'agent').map(({ agentId }) => agentId)),
];

/** Who looks on, and who is asked whether they take it: only now, and not once it is over. */
export function guestsOf(session: Session): readonly AgentId[] {
  if ('endedAt' in session) return [];
  const observers = (session.human?.participants ?? []).filter(
    (one) => one.role === 'supervisor' && one.leftAt === null,
  );
  const asked = offeredAgent(session);
  return [...new Set([...observers.map(({ agentId }) => agentId), ...(asked === null ? [] : [asked])])];
}
