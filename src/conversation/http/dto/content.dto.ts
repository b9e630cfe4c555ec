import { Type } from 'class-transformer';
import { Equals, IsArray, IsBoolean, IsIn, IsNumber, IsObject, IsString } from 'class-validator';
import { ValidateNested } from 'class-validator';
import { actionTypes, ONE_OPENS, openingByThemselves, UnknownActionDto, type ActionBody } from './action.dto.js';
import { TEXT_LENGTH } from '../posted-content.js';
import { Holds, isVisible, IsWebAddressOfAnyLength, MaxLength, MayBeAbsent } from '../../../platform/http/index.js';

/**
 * Limits are those of the wire (`docs/wire.md` 5 and 7); where it has none, the body's own limit is the only one. What
 * the wire calls read-only (`text` of a location, `mediaType`, `mediaSize`, `submitted`) is not here, so it is dropped.
 */

export abstract class ContentDto {
  @MayBeAbsent() @IsBoolean() blockChatInput?: boolean;
}

abstract class FormattedDto extends ContentDto {
  @MayBeAbsent()
  @IsString()
  @MaxLength(TEXT_LENGTH)
  @Holds<FormattedDto>(
    'oneMarkup',
    ({ markdownText }) => (markdownText ?? null) === null,
    'htmlText and markdownText should not both be given',
  )
  htmlText?: string;
  @MayBeAbsent() @IsString() @MaxLength(TEXT_LENGTH) markdownText?: string;
}

export class TextContentDto extends FormattedDto {
  @Equals('text')
  @Holds<TextContentDto>(
    'hasWords',
    ({ text, htmlText, markdownText, actions }) => [text, htmlText, markdownText, actions].some((v) => v !== undefined),
    "should have required property 'text'",
  )
  @Holds<TextContentDto>('hasVisibleWords', (content) => !isBlank(content), 'text should have a visible character')
  type!: 'text';
  @MayBeAbsent() @IsString() @MaxLength(TEXT_LENGTH) text?: string;
  @MayBeAbsent()
  @IsArray()
  @Holds<TextContentDto>('oneOpens', ({ actions }) => openingByThemselves(actions) <= 1, ONE_OPENS)
  @ValidateNested({ each: true })
  @Type(() => UnknownActionDto, actionTypes)
  actions?: ActionBody[];
  /** The answer of a reply button. */
  @MayBeAbsent() @IsString() payload?: string;
}

/** Says nothing in any form: such a message would begin a session and wake a bot for nothing. */
function isBlank({ text, htmlText, markdownText, actions }: TextContentDto): boolean {
  if ([text, htmlText, markdownText, actions].every((one) => one === undefined)) return false;
  const words = [text, htmlText, markdownText].filter((one) => typeof one === 'string');
  return !words.some(isVisible) && (!Array.isArray(actions) || actions.length === 0);
}

abstract class MediaDto extends FormattedDto {
  @MayBeAbsent() @IsString() text?: string;
  @IsWebAddressOfAnyLength() mediaUrl!: string;
  @MayBeAbsent() @IsString() @MaxLength(128) altText?: string;
  @MayBeAbsent() @IsString() attachmentId?: string;
}

export class ImageContentDto extends MediaDto {
  @Equals('image') type!: 'image';
  @MayBeAbsent()
  @IsArray()
  @Holds<ImageContentDto>('oneOpens', ({ actions }) => openingByThemselves(actions) <= 1, ONE_OPENS)
  @ValidateNested({ each: true })
  @Type(() => UnknownActionDto, actionTypes)
  actions?: ActionBody[];
}

export class FileContentDto extends MediaDto {
  @Equals('file') type!: 'file';
}

class CoordinatesDto {
  @IsNumber() lat!: number;
  @IsNumber() long!: number;
}

class PlaceDto {
  @MayBeAbsent() @IsString() address?: string;
  @MayBeAbsent() @IsString() name?: string;
}

export class LocationContentDto extends ContentDto {
  @Equals('location') type!: 'location';
  @IsObject() @ValidateNested() @Type(() => CoordinatesDto) coordinates!: CoordinatesDto;
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => PlaceDto) location?: PlaceDto;
}

export class TemplateContentDto extends ContentDto {
  @Equals('template') type!: 'template';
  @IsObject() template!: object;
}

/** What content of no known type is checked against; a `formResponse` comes from a channel, never through the API. */
export class UnknownContentDto {
  @IsIn(['text', 'carousel', 'file', 'form', 'image', 'list', 'location', 'template']) type!: string;
}
