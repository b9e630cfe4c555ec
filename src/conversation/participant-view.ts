import type { IsoTime } from '../kernel/index.js';
import { isoTime } from '../platform/clock/index.js';

/** A participant as the API returns it (`docs/wire.md` 7). Clients come with channels: none are linked so far. */
export interface ParticipantView {
  readonly id: string;
  readonly userId: string;
  readonly userExternalId?: string;
  /** Messages by others since the last read; notes of an end are not counted (E-20). */
  readonly unreadCount: number;
  readonly lastRead?: IsoTime;
  readonly clientAssociations: readonly never[];
}

/** What is read of a participant; `unread` is counted by `UNREAD`. */
export interface ParticipantRow {
  readonly id: string;
  readonly last_read_at: Date | null;
  readonly unread: number;
}

/** Counts beside a row `p` of `participant`. */
export const UNREAD = `(
  SELECT count(*) FROM message m
  WHERE m.conversation_id = p.conversation_id AND m.seq > p.last_read_seq AND NOT m.body ? 'activity'
    AND (m.author_type = 'business' OR m.body -> 'author' ->> 'userId' IS DISTINCT FROM p.user_id))`;

export function participantView(row: ParticipantRow, userId: string, externalId: string | null): ParticipantView {
  return {
    id: row.id,
    userId,
    ...(externalId !== null && { userExternalId: externalId }),
    unreadCount: row.unread,
    ...(row.last_read_at !== null && { lastRead: isoTime(row.last_read_at) }),
    clientAssociations: [],
  };
}
