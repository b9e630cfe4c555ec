import { ArrayMaxSize, IsArray, IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import type { SwitchReason } from '../../core/index.js';
import { IsMetadata, Length, MayBeNull } from '../../../platform/http/index.js';

type MetadataBody = Record<string, string | number | boolean>;

export class AcceptControlDto {
  @MayBeNull() @IsMetadata() metadata?: MetadataBody | null;
}

export class DeclineControlDto extends AcceptControlDto {}

export class ReleaseControlDto extends AcceptControlDto {
  @MayBeNull() @IsIn(['ticketClosed', 'transferToEmail']) reason?: SwitchReason | null;
}

export class PassControlDto extends ReleaseControlDto {
  /** `next`, or an id, a name or a type of a switchboard integration. */
  @IsString() @Length(1, 128) switchboardIntegration!: string;
}

export class OfferControlDto extends AcceptControlDto {
  @IsString() @Length(1, 128) switchboardIntegration!: string;
  /** Seconds until the offer lapses; absent, the switchboard's own deadline holds. */
  @MayBeNull() @IsInt() @Min(1) @Max(86_400) expiresInSeconds?: number | null;
  /** Invited in turn when the one before declines, lets the deadline pass or cannot be reached; ours. */
  @MayBeNull()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, 128, { each: true })
  fallback?: string[] | null;
}
