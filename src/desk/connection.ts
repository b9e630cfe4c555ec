/** For how long a desk may be silent before its connection counts as lost; desks send a heartbeat about twice as often. */
export const SILENCE_SECONDS = 30;

/** How long a lost connection may stay away before the agent is offline (`sessions.md` 0.3). */
export const GRACE_SECONDS = 60;
