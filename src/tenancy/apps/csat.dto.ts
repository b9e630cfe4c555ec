import { Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { CsatScale, CsatSettings, SendOn, SurveyWords } from '../../configuration/index.js';
import { Holds, MayBeAbsent } from '../../platform/http/index.js';
import { areLanguages, LANGUAGE, languagesSay } from './languages.js';

const SEND_ON: readonly SendOn[] = ['agent_ended', 'end_user_ended', 'bot_ended', 'system_ended', 'ticket_solved'];
const WEEK_SECONDS = 7 * 24 * 3600;
const YEAR_SECONDS = 365 * 24 * 3600;

const WORDS = ['question', 'comment', 'submit', 'thanks'] as const;

class CsatFormDto {
  @MayBeAbsent() @IsIn(['stars5', 'thumbs', 'nps']) scale?: CsatScale;
  @MayBeAbsent() @IsBoolean() comment?: boolean;
  @MayBeAbsent() @Matches(LANGUAGE) defaultLanguage?: string;
  @MayBeAbsent()
  @IsObject()
  @Holds<CsatFormDto>('areLanguages', ({ languages }) => areLanguages(languages, WORDS), languagesSay(WORDS))
  languages?: Record<string, SurveyWords>;
}

/** Surveys of satisfaction; `sendOn` and `form.languages` are replaced whole, the rest merges. */
export class CsatDto {
  @MayBeAbsent() @IsIn(['customizable', 'legacy']) mode?: CsatSettings['mode'];
  @MayBeAbsent() @IsArray() @ArrayUnique() @IsIn(SEND_ON, { each: true }) sendOn?: SendOn[];
  @MayBeAbsent() @IsBoolean() afterSilence?: boolean;
  @MayBeAbsent() @IsInt() @Min(0) @Max(WEEK_SECONDS) waitSeconds?: number;
  @MayBeAbsent() @IsInt() @Min(60) @Max(YEAR_SECONDS) expirySeconds?: number;
  @MayBeAbsent() @IsIn(['in_channel', 'link', 'both']) delivery?: CsatSettings['delivery'];
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => CsatFormDto) form?: CsatFormDto;
}
