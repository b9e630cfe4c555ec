import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Holds, IsWebAddress, MayBeAbsent, NeverNull, MayBeNull } from '../platform/http/index.js';
import { triggers as known } from './triggers.js';

const MOST_TRIGGERS = 64;
const MOST_ATTEMPTS = 100;
const HOUR = 3600;
/** Of a delivery, and of the overlap of two secrets. */
export const LONGEST_SECONDS = 72 * HOUR;

class RetryPolicyDto {
  /** Seconds to wait before each attempt. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ATTEMPTS)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(LONGEST_SECONDS, { each: true })
  @Holds<RetryPolicyDto>(
    'beginsAtOnce',
    ({ schedule }) => !isNumbers(schedule) || (schedule[0] === 0 && schedule.slice(1).every((wait) => wait >= 1)),
    'schedule must begin with 0, for the first attempt is made at once, and wait 1 second or more before each other',
  )
  schedule!: number[];
  /** The last attempt begins so long after the first at most. */
  @IsInt()
  @Min(1)
  @Max(LONGEST_SECONDS)
  @Holds<RetryPolicyDto>(
    'holdsTheSchedule',
    ({ schedule, windowSeconds }) =>
      !isNumbers(schedule) || schedule.reduce((sum, wait) => sum + wait, 0) <= windowSeconds,
    'windowSeconds must not be shorter than the waits of schedule together',
  )
  windowSeconds!: number;
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

class WebhookExtras {
  @MayBeAbsent() @IsBoolean() includeFullUser?: boolean;
  @MayBeAbsent() @IsBoolean() includeFullSource?: boolean;
  /** `null`: the default of the house. */
  @MayBeNull() @IsObject() @ValidateNested() @Type(() => RetryPolicyDto) retryPolicy?: RetryPolicyDto | null;
  /** Named so that it can be refused: it is made here. */
  @MayBeAbsent() @IsString() secret?: string;
}

export class CreateWebhookDto extends WebhookExtras {
  @IsWebAddress() target!: string;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_TRIGGERS) @IsIn(known, { each: true }) triggers!: string[];
}

export class UpdateWebhookDto extends WebhookExtras {
  @MayBeAbsent() @IsWebAddress() target?: string;
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_TRIGGERS)
  @IsIn(known, { each: true })
  triggers?: string[];
}

export class RotateSecretDto {
  @NeverNull() @IsInt() @Min(0) @Max(LONGEST_SECONDS) overlapSeconds?: number;
}
