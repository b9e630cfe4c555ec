/** Milliseconds since the epoch, always read from the database clock (`platform/clock` says why). */
export type Millis = number & { readonly __unit?: 'ms' };

/** The later of two times. */
export const later = (one: Millis, other: Millis): Millis => (one > other ? one : other);

/** Wire form of a time: UTC with milliseconds, `2026-03-01T10:00:00.120Z` (`docs/wire.md` 1). */
export type IsoTime = string;
