/** For how long a desk may be silent before its connection counts as lost; desks send a heartbeat about twice as often. */
export const SILENCE_SECONDS = 30;
