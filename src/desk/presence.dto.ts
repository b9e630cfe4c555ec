import { IsBoolean, IsIn, IsString } from 'class-validator';
import { Length, MaxLength, MayBeAbsent, MayBeNull } from '../platform/http/index.js';

const PRESENT = ['online', 'busy', 'away'] as const;
const STATUSES = [...PRESENT, 'offline'] as const;
const CAUSES = ['chosen', 'supervisor', 'maintenance'] as const;
const TICKETS = ['new', 'open', 'pending', 'hold', 'solved', 'closed'] as const;

export class LoginDto {
  /** Names the desk; a login under another name takes over. */
  @MayBeAbsent() @IsString() @Length(1, 100) connection?: string;
  @MayBeAbsent() @IsIn(PRESENT) status?: (typeof PRESENT)[number];
}

export class LogoutDto {
  /** Said after a 409 `ongoing_sessions`. */
  @MayBeAbsent() @IsBoolean() confirm?: boolean;
}

export class PresenceDto {
  @IsIn(STATUSES) status!: (typeof STATUSES)[number];
  /** Why, when a key asks; agents choose, and supervisors are supervisors. */
  @MayBeAbsent() @IsIn(CAUSES) cause?: (typeof CAUSES)[number];
}

export class HeartbeatDto {
  @MayBeAbsent() @IsString() @Length(1, 100) connection?: string;
  /** The connection is known to be lost: the grace begins now. */
  @MayBeAbsent() @IsBoolean() lost?: boolean;
}

export class CloseDto {
  @MayBeAbsent() @IsIn(['end', 'inactivate']) choice?: 'end' | 'inactivate';
  /** Saved with the closing, in place of what is unsaved. */
  @MayBeNull() @IsString() @MaxLength(20_000) notes?: string | null;
}

export class NotesDto {
  @IsString() @MaxLength(20_000) text!: string;
  /** Kept as unsaved; closing the tab saves it. */
  @MayBeAbsent() @IsBoolean() draft?: boolean;
}

export class WorkTicketDto {
  @IsString() @Length(1, 100) id!: string;
  @IsIn(TICKETS) status!: (typeof TICKETS)[number];
}
