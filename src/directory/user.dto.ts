import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsEmail,
  IsEmpty,
  IsISO8601,
  IsLocale,
  IsObject,
  IsString,
  Matches,
  ValidateNested,
} from 'class-validator';
import { IsFlatData, IsFlatPatch, IsWebAddress, Length, MayBeAbsent, MayBeNull } from '../platform/http/index.js';

/** Years of four digits with a time zone, which every clock involved can hold. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

class ProfileDto {
  @MayBeNull() @IsString() @Length(1, 128) givenName?: string | null;
  @MayBeNull() @IsString() @Length(1, 128) surname?: string | null;
  @MayBeNull() @IsEmail() @Length(1, 128) email?: string | null;
  @MayBeNull() @IsWebAddress() avatarUrl?: string | null;
  @MayBeNull() @IsLocale() @Length(1, 64) locale?: string | null;
}

class UserFields {
  @MayBeAbsent() @IsISO8601({ strict: true }) @Matches(TIME) signedUpAt?: string;
  @MayBeAbsent() @IsBoolean() toBeRetained?: boolean;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => ProfileDto) profile?: ProfileDto;
}

export class CreateUserDto extends UserFields {
  @MayBeAbsent() @IsString() @Length(1, 1024) externalId?: string;
  /** A user of two brands is two users there; here there is one of each external id. */
  @MayBeAbsent() @IsEmpty({ message: '$property must be left out: users here belong to no brand' }) brandId?: string;
  @MayBeAbsent() @IsFlatData() metadata?: Record<string, string | number | boolean>;
}

export class UpdateUserDto extends UserFields {
  @MayBeNull() @IsFlatPatch() metadata?: Record<string, string | number | boolean | null> | null;
}
