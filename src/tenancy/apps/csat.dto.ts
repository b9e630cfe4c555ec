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

const SEND_ON: readonly SendOn[] = ['agent_ended', 'end_user_ended', 'bot_ended', 'system_ended', 'ticket_solved'];
const WEEK_SECONDS = 7 * 24 * 3600;
const YEAR_SECONDS = 365 * 24 * 3600;

const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/;
const MOST_LANGUAGES = 50;
const WORDS = new Set(['question', 'comment', 'submit', 'thanks']);
const LONGEST_WORDS = 500;

/** Language tags with texts of 1 to 500 characters, none of them unknown: a misspelt one would never be shown. */
function areLanguages(value: unknown): boolean {
  if (!isRecord(value)) return true;
  const entries = Object.entries(value);
  return entries.length <= MOST_LANGUAGES && entries.every(([tag, words]) => LANGUAGE.test(tag) && areWords(words));
}

const areWords = (words: unknown): boolean =>
  isRecord(words) && Object.entries(words).every(([name, text]) => WORDS.has(name) && isText(text));

const isText = (text: unknown): boolean =>
  typeof text === 'string' && text.trim() !== '' && text.length <= LONGEST_WORDS;

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

class CsatFormDto {
  @MayBeAbsent() @IsIn(['stars5', 'thumbs', 'nps']) scale?: CsatScale;
  @MayBeAbsent() @IsBoolean() comment?: boolean;
  @MayBeAbsent() @Matches(LANGUAGE) defaultLanguage?: string;
  @MayBeAbsent()
  @IsObject()
  @Holds<CsatFormDto>(
    'areLanguages',
    ({ languages }) => areLanguages(languages),
    'languages should be at most 50 language tags, each with question, comment, submit or thanks of 1 to 500 characters',
  )
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
