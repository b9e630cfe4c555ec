/** On every event. */
export interface Announced {
  /** Rises only when a field changes its meaning; new fields do not raise it. */
  readonly schemaVersion: 1;
  readonly appId: string;
  readonly conversationId: string;
  /** Place among the events of this conversation: 1, 2, 3 ... without gaps. @minimum 1 */
  readonly seq: number;
  /** After this event. Rises by one exactly when the holder of control changes. @minimum 0 */
  readonly controlEpoch: number;
}

/** Who asked for it. */
export interface By {
  readonly type: 'app' | 'integration' | 'user' | 'agent' | 'system';
  /** The key, integration, user or agent; `null` for the system. */
  readonly id: string | null;
}

/** How a holder of control counts: `agent` is a human desk, `bot` everything else. */
export type ControllerKind = 'bot' | 'agent';

/** Flat values that travel with a control action; what they mean is between the integrations. */
export type Metadata = Readonly<Record<string, string | number | boolean>>;

export type SwitchReason = 'ticketClosed' | 'transferToEmail';

/** `sessionEnded`: the release comes with the end of the session. */
export type ReleaseReason = SwitchReason | 'sessionEnded';

export interface EndedBy {
  readonly type: 'end_user' | 'agent' | 'bot' | 'system';
  /** The user, switchboard integration or key that asked; `null` for a timer. */
  readonly id: string | null;
  readonly via: 'window' | 'list' | 'widget' | 'api' | 'timer' | 'automation' | 'logout';
}

/** Why a session ended (`session.ended`); more may come. */
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
  | 'app_deleted'
  | 'error';

export type SessionStatus = 'NEW' | 'CONSENT' | 'WAITING' | 'ACTIVE' | 'INACTIVE';

export type Origin = 'inbound' | 'agent_initiated' | 'triggered_outbound';

/** What a session asks of an agent, as it was when the session was queued. */
export interface Load {
  readonly model: 'tab_based' | 'status_based';
  readonly weight: number;
  /** Of the agent's capacity, 0 to 100; `null`: `weight` counts. */
  readonly percent: number | null;
  readonly pausedWeight: number;
  readonly interruptible: boolean;
  readonly bucket: 'messaging' | 'email' | 'voice';
  readonly countInactive: boolean;
  readonly afterWork: {
    readonly seconds: number;
    readonly extensionSeconds: number;
    readonly mostExtensions: number;
  } | null;
}
