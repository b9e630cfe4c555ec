import type { IsoTime, Millis } from '../../kernel/index.js';

/** Wire form of a stored time: `2026-03-01T10:00:00.120Z`. */
export function isoTime(time: Date | Millis): IsoTime {
  return (typeof time === 'number' ? new Date(time) : time).toISOString();
}
