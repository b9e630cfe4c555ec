import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmpty,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsWebAddress, Length, MayBeAbsent, MayBeNull } from '../platform/http/index.js';

/** Three or six characters, as the wire has them: without a hash. */
const COLOUR = /^(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
const PIXELS = /^\d{1,4}$/;
/** Serialised as RFC 6454 says: scheme, host and, where it is not the usual one, port. */
const ORIGIN = /^https?:\/\/[^\s/?#@]{1,255}$/;
const ID = /^[0-9a-f]{24}$/;

const Colour = (): PropertyDecorator =>
  Matches(COLOUR, { message: '$property must be a colour of 3 or 6 hexadecimal characters' });

/** Nothing is pushed to phones by this version, and secrets that nobody needs are not kept. */
const NotKept = (): PropertyDecorator =>
  IsEmpty({
    message: '$property must be left out: push notifications are not sent, so their credentials are not kept',
  });

class PrechatOptionDto {
  @IsString() @Length(1, 128) name!: string;
  @IsString() @Length(1, 128) label!: string;
}

class PrechatFieldDto {
  @IsIn(['email', 'select', 'text']) type!: string;
  @IsString() @Length(1, 128) name!: string;
  @IsString() @Length(1, 128) label!: string;
  @MayBeAbsent() @IsString() @Length(1, 128) placeholder?: string;
  @MayBeAbsent() @IsInt() @Min(1) @Max(256) minSize?: number;
  @MayBeAbsent() @IsInt() @Min(1) @Max(256) maxSize?: number;
  @MayBeAbsent() @IsIn(['integer', 'decimal']) format?: string;
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => PrechatOptionDto)
  options?: PrechatOptionDto[];
}

class PrechatCaptureDto {
  @MayBeAbsent() @IsWebAddress() avatarUrl?: string;
  @MayBeAbsent() @IsBoolean() enabled?: boolean;
  @MayBeAbsent() @IsBoolean() enableEmailLinking?: boolean;
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique((field: PrechatFieldDto) => field?.name, { message: 'names of fields should be unique' })
  @ValidateNested({ each: true })
  @Type(() => PrechatFieldDto)
  fields?: PrechatFieldDto[];
}

/** Settings of web, ios and android integrations; which of them a type has says `channel-settings.ts`. */
export class ChannelSettingsDto {
  @MayBeAbsent() @Colour() brandColor?: string;
  @MayBeAbsent() @IsBoolean() fixedIntroPane?: boolean;
  @MayBeAbsent() @Colour() conversationColor?: string;
  @MayBeAbsent() @Colour() actionColor?: string;
  @MayBeAbsent() @IsIn(['button', 'tab']) displayStyle?: string;
  @MayBeNull() @IsWebAddress() buttonIconUrl?: string | null;
  @MayBeAbsent() @Matches(PIXELS) buttonWidth?: string;
  @MayBeAbsent() @Matches(PIXELS) buttonHeight?: string;
  /** Ids of integrations of the app. */
  @MayBeNull() @IsArray() @ArrayMaxSize(100) @ArrayUnique() @Matches(ID, { each: true }) integrationOrder?:
    | string[]
    | null;
  @MayBeAbsent() @IsString() @Length(1, 128) businessName?: string;
  @MayBeAbsent() @IsWebAddress() businessIconUrl?: string;
  @MayBeAbsent() @IsWebAddress() backgroundImageUrl?: string;
  @MayBeNull() @IsArray() @ArrayMaxSize(100) @ArrayUnique() @Matches(ORIGIN, { each: true }) originWhitelist?:
    | string[]
    | null;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => PrechatCaptureDto) prechatCapture?: PrechatCaptureDto;
  @MayBeAbsent() @IsBoolean() canUserSeeConversationList?: boolean;
  @MayBeAbsent() @IsBoolean() canUserCreateMoreConversations?: boolean;
  @MayBeAbsent() @IsBoolean() showAIDisclaimer?: boolean;
  @MayBeAbsent() @IsBoolean() production?: boolean;
  @MayBeAbsent() @IsBoolean() autoUpdateBadge?: boolean;
  @MayBeNull() @IsString() @Length(1, 1024) senderId?: string | null;
  @MayBeAbsent() @NotKept() certificate?: string;
  @MayBeAbsent() @NotKept() password?: string;
  @MayBeAbsent() @NotKept() projectId?: string;
  @MayBeAbsent() @NotKept() clientEmail?: string;
  @MayBeAbsent() @NotKept() privateKey?: string;
  @MayBeAbsent() @NotKept() serverKey?: string;
}
