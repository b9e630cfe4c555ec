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
  readonly type: 'app' | 'integration' | 'user' | 'system';
  /** The key, integration or user; `null` for the system. */
  readonly id: string | null;
}

/** How a holder of control counts: `agent` is a human desk, `bot` everything else. */
export type ControllerKind = 'bot' | 'agent';

/** Flat values that travel with a control action; what they mean is between the integrations. */
export type Metadata = Readonly<Record<string, string | number | boolean>>;

export type SwitchReason = 'ticketClosed' | 'transferToEmail';

export interface EndedBy {
  readonly type: 'end_user' | 'agent' | 'bot' | 'system';
  /** The user, switchboard integration or key that asked; `null` for a timer. */
  readonly id: string | null;
  readonly via: 'window' | 'list' | 'widget' | 'api' | 'timer' | 'automation' | 'logout';
}

export type EndReason = 'end_user_ended' | 'agent_ended' | 'bot_completed' | 'automation' | 'error';
