import type { IsoTime, Millis } from '../kernel/index.js';

/** A moment as the wire and the rows have it: UTC with milliseconds (`sunco.md` 1). */
export const isoOf = (at: Millis): IsoTime => new Date(at).toISOString();
