import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsNumber, IsObject, IsString, Max, Min, ValidateNested } from 'class-validator';
import { Length, MayBeAbsent, MayBeNull } from '../platform/http/index.js';

const HOUR = 3600;
const HEAVIEST = 1000;
const KINDS = ['web_widget', 'in_app', 'byoc', 'whatsapp', 'apple', 'line', 'facebook', 'sms'] as const;
const TIERS = ['standard', 'enhanced'] as const;

/** `docs/rules.md` 2.4, `afterWork`. */
class AfterWorkDto {
  @IsInt() @Min(1) @Max(HOUR) seconds!: number;
  @IsInt() @Min(1) @Max(HOUR) extensionSeconds!: number;
  @IsInt() @Min(0) @Max(10) mostExtensions!: number;
}

class ChannelFields {
  @MayBeAbsent() @IsBoolean() default?: boolean;
  @MayBeAbsent() @IsIn(['tab_based', 'status_based']) capacityModel?: 'tab_based' | 'status_based';
  @MayBeAbsent() @IsNumber() @Min(0) @Max(HEAVIEST) weight?: number;
  @MayBeNull() @IsNumber() @Min(0) @Max(100) percent?: number | null;
  @MayBeAbsent() @IsNumber() @Min(0) @Max(HEAVIEST) pausedWeight?: number;
  @MayBeAbsent() @IsBoolean() interruptible?: boolean;
  @MayBeAbsent() @IsIn(['messaging', 'email', 'voice']) bucket?: 'messaging' | 'email' | 'voice';
  @MayBeAbsent() @IsBoolean() countInactive?: boolean;
  @MayBeNull() @IsObject() @ValidateNested() @Type(() => AfterWorkDto) afterWork?: AfterWorkDto | null;
  /** Up to 30 minutes (I-10). The shortest times: `configuration/floors.ts`. */
  @MayBeNull() @IsInt() @Min(1) @Max(1800) customerInactivitySeconds?: number | null;
  @MayBeAbsent() @IsIn(['none', 'explicit']) optIn?: 'none' | 'explicit';
  /** `null`: as the kind says (`docs/rules.md` D6). */
  @MayBeNull() @IsBoolean() endUserEnd?: boolean | null;
  @MayBeNull() @IsString() @Length(1, 128) queueId?: string | null;
  @MayBeNull() @IsInt() @Min(1) @Max(31 * 24 * HOUR) noResponseSeconds?: number | null;
  @MayBeAbsent() @IsIn(['messaging', 'email']) agentEndedRoutingChannel?: 'messaging' | 'email';
}

export class CreateChannelDto extends ChannelFields {
  @IsString() @Length(1, 100) name!: string;
  @IsIn(KINDS) kind!: (typeof KINDS)[number];
  @MayBeAbsent() @IsIn(TIERS) tier?: (typeof TIERS)[number];
}

export class UpdateChannelDto extends ChannelFields {
  @MayBeAbsent() @IsString() @Length(1, 100) name?: string;
}
