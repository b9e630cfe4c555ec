import { Type } from 'class-transformer';
import {
  Equals,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { faultOfOrigins } from '../../configuration/index.js';
import { IsFlatData, IsFlatPatch, Length, MayBeAbsent, MayBeNull, RefusesUnknown } from '../../platform/http/index.js';
import { SessionSettingsDto } from './session-settings.dto.js';
import { CsatDto } from './csat.dto.js';
import { NotesDto } from './notes.dto.js';

/** `release`, or `pass:` and the name of a switchboard integration. */
const ON_END = /^(release|pass:[A-Za-z0-9_-]{1,128})$/;
const MONTH_SECONDS = 31 * 24 * 3600;

/** What this version cannot do is refused with its reason, so that nobody relies on it. */
const notYet = (only: boolean | number, why: string): PropertyDecorator =>
  Equals(only, { message: `$property must be ${only}: ${why}` });

class OnEndDto {
  @MayBeAbsent() @Matches(ON_END) endUser?: string;
  @MayBeAbsent() @Matches(ON_END) agent?: string;
  @MayBeAbsent() @Matches(ON_END) bot?: string;
  @MayBeAbsent() @Matches(ON_END) system?: string;
}

const AreOrigins = (): PropertyDecorator =>
  ValidateBy({
    name: 'areOrigins',
    validator: {
      validate: (value) => faultOfOrigins(value) === null,
      defaultMessage: (about) => faultOfOrigins(about?.value) ?? '',
    },
  });

/** Zendesk's settings, then ours (`docs/rules.md` 0.3). */
@RefusesUnknown()
class SettingsDto extends SessionSettingsDto {
  @MayBeAbsent()
  @notYet(0, 'messages are kept until they are deleted, nothing deletes them by age')
  conversationRetentionSeconds?: number;
  @MayBeAbsent() @IsBoolean() maskCreditCardNumbers?: boolean;
  @MayBeAbsent() @IsBoolean() useAnimalNames?: boolean;
  @MayBeAbsent() @notYet(false, 'no channel here presses postback buttons') echoPostback?: boolean;
  /** Either is so: only messages and calls begin conversations here. */
  @MayBeAbsent() @IsBoolean() ignoreAutoConversationStart?: boolean;
  @MayBeAbsent() @IsBoolean() appLocalizationEnabled?: boolean;
  @MayBeAbsent() @IsBoolean() multiConvoEnabled?: boolean;
  @MayBeAbsent() @IsBoolean() endSessionEnabled?: boolean;
  @MayBeAbsent() @IsBoolean() disableConversationReopen?: boolean;
  @MayBeAbsent() @IsBoolean() agentsCanEnd?: boolean;
  @MayBeAbsent() @IsIn(['lenient', 'strict']) controlErrors?: 'lenient' | 'strict';
  @MayBeAbsent() @IsInt() @Min(0) @Max(MONTH_SECONDS) endingMaxSeconds?: number;
  @MayBeAbsent() @IsBoolean() metadataToEndUsers?: boolean;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => OnEndDto) onEnd?: OnEndDto;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => CsatDto) csat?: CsatDto;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => NotesDto) notes?: NotesDto;
  /** Replaced whole. */
  @MayBeAbsent() @AreOrigins() allowedOrigins?: string[];
}

export class CreateAppDto {
  @IsString() @Length(1, 100) displayName!: string;
  /** It was there before, on another system: what came later is off unless `settings` say otherwise. Ours. */
  @MayBeAbsent() @IsBoolean() migrated?: boolean;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => SettingsDto) settings?: SettingsDto;
  @MayBeAbsent() @IsFlatData() metadata?: Record<string, string | number | boolean>;
}

export class UpdateAppDto {
  @MayBeAbsent() @IsString() @Length(1, 100) displayName?: string;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => SettingsDto) settings?: SettingsDto;
  @MayBeNull() @IsFlatPatch() metadata?: Record<string, string | number | boolean | null> | null;
}
