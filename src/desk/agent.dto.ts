import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { ROLES, type Role } from '../kernel/index.js';
import { Length, MayBeAbsent, MayBeNull, NeverNull } from '../platform/http/index.js';

const MOST_CAPACITY = 10_000;
const MOST_ITEMS = 100;

class PermissionsDto {
  @MayBeAbsent() @IsBoolean() chat?: boolean;
  @MayBeAbsent() @IsBoolean() chatRep?: boolean;
  @MayBeAbsent() @IsBoolean() messagingAgent?: boolean;
  @MayBeAbsent() @IsBoolean() endAny?: boolean;
}

class BucketsDto {
  @MayBeAbsent() @IsInt() @Min(0) @Max(MOST_ITEMS) messaging?: number;
  @MayBeAbsent() @IsInt() @Min(0) @Max(MOST_ITEMS) email?: number;
  @MayBeAbsent() @IsInt() @Min(0) @Max(MOST_ITEMS) voice?: number;
}

class LimitsDto {
  @MayBeAbsent() @IsNumber() @Min(0) @Max(MOST_CAPACITY) primary?: number;
  /** `null`: interruptible work counts with the rest. */
  @MayBeNull() @IsNumber() @Min(0) @Max(MOST_CAPACITY) interruptible?: number | null;
  /** `null`: one pool for all. */
  @MayBeNull() @IsObject() @ValidateNested() @Type(() => BucketsDto) buckets?: BucketsDto | null;
}

class AgentFields {
  @MayBeAbsent() @IsIn(ROLES) role?: Role;
  /** `false`: gone. Logged out with that, and no token is good any more. */
  @MayBeAbsent() @IsBoolean() active?: boolean;
  /** A supervisor without any leads all. */
  @NeverNull()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  teams?: string[];
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  skills?: string[];
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => PermissionsDto) permissions?: PermissionsDto;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => LimitsDto) limits?: LimitsDto;
  /** Exceptions from the app's `agentLayout` (L-2, I-5); `null` takes one back. */
  @MayBeNull() @IsBoolean() sessionPanel?: boolean | null;
  @MayBeNull() @IsBoolean() hideCustomerInactive?: boolean | null;
}

export class UpdateAgentDto extends AgentFields {
  @MayBeAbsent() @IsString() @Length(1, 100) displayName?: string;
}

export class CreateAgentDto extends AgentFields {
  @IsString() @Length(1, 100) displayName!: string;
  /** The business' own id of the agent, for good. */
  @MayBeNull() @IsString() @Length(1, 128) externalId?: string | null;
}
