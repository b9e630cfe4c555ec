import { IsBoolean, IsIn, IsInt, IsString, Matches, Max, Min } from 'class-validator';
import { Length, MayBeAbsent, MayBeNull, SaysSomething } from '../platform/http/index.js';

const LONGEST_OFFER_SECONDS = 7 * 24 * 3600;
const LONGEST_PARTING_SECONDS = 300;
const MOST_HAND_OFFS = 1000;
const LONGEST_HOLDER_SECONDS = 3600;
const LONGEST_REPLY_SECONDS = 24 * 3600;
const NAME = /^[A-Za-z0-9_-]{1,128}$/;

export class UpdateSwitchboardDto {
  @MayBeAbsent() @IsBoolean() enabled?: boolean;
  @MayBeNull() @IsString() @Length(1, 128) defaultSwitchboardIntegrationId?: string | null;
  @MayBeAbsent() @IsIn(['strict', 'warn', 'off']) controlEnforcement?: 'strict' | 'warn' | 'off';
  @MayBeNull() @IsInt() @Min(1) @Max(LONGEST_OFFER_SECONDS) offerExpirySeconds?: number | null;
  @MayBeNull() @IsString() @Length(1, 512) @SaysSomething() failOverNote?: string | null;
  @MayBeAbsent() @IsInt() @Min(0) @Max(LONGEST_PARTING_SECONDS) partingSeconds?: number;
  @MayBeAbsent() @IsIn(['allow', 'refuse']) outsiders?: 'allow' | 'refuse';
  @MayBeAbsent() @IsInt() @Min(0) @Max(MOST_HAND_OFFS) handOffLimit?: number;
}

class LinkFields {
  @MayBeAbsent() @IsString() @Length(1, 128) integrationId?: string;
  @MayBeAbsent() @IsString() @Length(1, 128) integrationType?: string;
  @MayBeAbsent() @IsIn(['bot', 'agent']) kind?: 'bot' | 'agent';
  @MayBeAbsent() @IsBoolean() deliverStandbyEvents?: boolean;
  @MayBeNull() @IsString() @Length(1, 128) nextSwitchboardIntegrationId?: string | null;
  @MayBeNull() @IsInt() @Min(1) @Max(10) messageHistoryCount?: number | null;
  @MayBeNull() @IsInt() @Min(1) @Max(LONGEST_HOLDER_SECONDS) holderDeadlineSeconds?: number | null;
  @MayBeNull() @IsInt() @Min(1) @Max(LONGEST_REPLY_SECONDS) replyDeadlineSeconds?: number | null;
  @MayBeAbsent() @IsIn(['warn', 'failOver']) replyDeadlineAction?: 'warn' | 'failOver';
}

export class CreateSwitchboardIntegrationDto extends LinkFields {
  @IsString() @Matches(NAME) name!: string;
}

export class UpdateSwitchboardIntegrationDto extends LinkFields {
  @MayBeAbsent() @IsString() @Matches(NAME) name?: string;
}
