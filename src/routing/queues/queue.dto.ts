import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Length, MayBeAbsent, MayBeNull } from '../../platform/http/index.js';

const HOUR = 3600;
const MOST_NAMES = 50;
const HEAVIEST = 1000;
const MOST_INTERVALS = 50;
const ORDERS = ['mostAvailable', 'leastActive', 'skills', 'lastAgent'] as const;
/** Of a day, to the minute; 24:00 is its end. */
const TIME = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

class IntervalDto {
  /** 1 is Monday, 7 is Sunday. */
  @IsInt() @Min(1) @Max(7) day!: number;
  @IsString() @Matches(TIME) from!: string;
  @IsString() @Matches(TIME) to!: string;
}

class HoursDto {
  @IsString() @Length(1, 64) timeZone!: string;
  @IsArray()
  @ArrayMaxSize(MOST_INTERVALS)
  @ValidateNested({ each: true })
  @Type(() => IntervalDto)
  open!: IntervalDto[];
}

class OverflowDto {
  @IsIn(['none', 'queue', 'bot', 'end']) to!: 'none' | 'queue' | 'bot' | 'end';
  @MayBeAbsent() @IsString() @Length(1, 128) queueId?: string;
  /** Of a switchboard integration. */
  @MayBeAbsent() @IsString() @Length(1, 128) name?: string;
}

class QueueFields {
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_NAMES)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  teams?: string[];
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_NAMES)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  skills?: string[];
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(ORDERS, { each: true })
  order?: (typeof ORDERS)[number][];
  @MayBeNull() @IsNumber() @Min(0) @Max(HEAVIEST) weight?: number | null;
  @MayBeNull() @IsInt() @Min(1) @Max(24 * HOUR) pushTimeoutSeconds?: number | null;
  @MayBeAbsent() @IsBoolean() autoAccept?: boolean;
  @MayBeNull() @IsInt() @Min(1) @Max(7 * 24 * HOUR) waitSeconds?: number | null;
  @MayBeNull() @IsInt() @Min(0) @Max(1_000_000) mostWaiting?: number | null;
  @MayBeNull() @IsObject() @ValidateNested() @Type(() => HoursDto) hours?: HoursDto | null;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => OverflowDto) overflow?: OverflowDto;
  @MayBeAbsent() @IsBoolean() checkOnReturn?: boolean;
  @MayBeAbsent() @IsBoolean() takesTransfers?: boolean;
}

export class CreateQueueDto extends QueueFields {
  @IsString() @Length(1, 100) name!: string;
}

export class UpdateQueueDto extends QueueFields {
  @MayBeAbsent() @IsString() @Length(1, 100) name?: string;
}
