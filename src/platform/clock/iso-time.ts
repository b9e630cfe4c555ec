import type { IsoTime, Millis } from '../../kernel/index.js';

let lastMillis = Number.NaN;
let lastIso: IsoTime = '';

/** Wire form of a stored time: `2026-03-01T10:00:00.120Z`. All of a group share one time, so the last one is kept. */
export function isoTime(time: Date | Millis): IsoTime {
  const millis = typeof time === 'number' ? time : time.getTime();
  if (millis !== lastMillis) {
    lastIso = new Date(millis).toISOString();
    lastMillis = millis;
  }
  return lastIso;
}
