import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Length, MayBeAbsent, MayBeNull, SaysSomething } from '../../platform/http/index.js';

const HOUR = 3600;
const DAY_SECONDS = 24 * 3600;
const MONTH_SECONDS = 31 * 24 * HOUR;
const LONGEST_WINDOW_SECONDS = 72 * HOUR;
const LONGEST_IDLE_SECONDS = 8 * HOUR;
const IDLE_ACTION = /^(end|inactivate|reroute|bot:[A-Za-z0-9_-]{1,128})$/;
const MOST_REMINDERS = 3;

class IdleRuleDto {
  @MayBeNull() @IsInt() @Min(1) @Max(LONGEST_IDLE_SECONDS) warnSeconds?: number | null;
  @MayBeNull() @IsInt() @Min(1) @Max(LONGEST_IDLE_SECONDS) actSeconds?: number | null;
  @MayBeAbsent() @Matches(IDLE_ACTION) action?: string;
}

class IdleDto {
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => IdleRuleDto) customer?: IdleRuleDto;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => IdleRuleDto) agent?: IdleRuleDto;
}

class ReminderDto {
  @IsInt() @Min(1) @Max(24 * HOUR) afterSeconds!: number;
  @IsString() @Length(1, 1024) @SaysSomething() text!: string;
  @MayBeNull() @IsIn(['pending', 'solved']) ticketStatus?: 'pending' | 'solved' | null;
  @MayBeAbsent() @IsBoolean() ends?: boolean;
}

class AgentLayoutDto {
  @MayBeAbsent() @IsBoolean() sessionPanel?: boolean;
  @MayBeAbsent() @IsBoolean() hideCustomerInactive?: boolean;
}

/** Settings of the life of sessions (`docs/rules.md` 0.3, 2.4, 5). The shortest times: `configuration/floors.ts`. */
export class SessionSettingsDto {
  /** Another way to say `reopenWithinSeconds`: null, or 0. */
  @MayBeAbsent() @IsIn(['async', 'session_based']) conversationPolicy?: 'async' | 'session_based';
  @MayBeNull() @IsInt() @Min(0) @Max(LONGEST_WINDOW_SECONDS) reopenWithinSeconds?: number | null;
  @MayBeAbsent() @IsBoolean() chatEnabled?: boolean;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => AgentLayoutDto) agentLayout?: AgentLayoutDto;
  @MayBeAbsent() @IsBoolean() endNoteToEndUser?: boolean;
  @MayBeAbsent() @IsInt() @Min(1) @Max(MONTH_SECONDS) inactiveEndSeconds?: number;
  @MayBeAbsent() @IsBoolean() allowEndInactive?: boolean;
  @MayBeNull() @IsInt() @Min(1) @Max(MONTH_SECONDS) botIdleSeconds?: number | null;
  @MayBeNull() @IsInt() @Min(1) @Max(MONTH_SECONDS) endUserTokenSeconds?: number | null;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => IdleDto) idle?: IdleDto;
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_REMINDERS)
  @ValidateNested({ each: true })
  @Type(() => ReminderDto)
  reminders?: ReminderDto[];
  @MayBeAbsent()
  @IsIn(['always', 'tab_based_only', 'never'])
  logoutEndsSessions?: 'always' | 'tab_based_only' | 'never';
  @MayBeAbsent() @IsInt() @Min(0) @Max(DAY_SECONDS) agentDisconnectGraceSeconds?: number;
}
