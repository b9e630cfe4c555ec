import { Type } from 'class-transformer';
import { ArrayMaxSize, Equals, IsArray, IsBoolean, IsIn, IsNumber, IsObject, IsString } from 'class-validator';
import { Length, MaxLength, Min, ValidateNested } from 'class-validator';
import { actionTypes, UnknownActionDto } from './action.dto.js';
import { Holds, isVisible, IsWebAddress, MayBeAbsent } from '../../../platform/http/index.js';

/** Characters of a text (`sunco.md` 5). */
const TEXT = 4_096;

export abstract class ContentDto {
  @MayBeAbsent() @IsBoolean() blockChatInput?: boolean;
}

abstract class WordedDto extends ContentDto {
  @MayBeAbsent() @IsString() @MaxLength(TEXT) text?: string;
  @MayBeAbsent()
  @IsString()
  @MaxLength(TEXT)
  @Holds<WordedDto>(
    'oneMarkup',
    ({ markdownText }) => markdownText === undefined,
    'htmlText and markdownText should not both be given',
  )
  htmlText?: string;
  @MayBeAbsent() @IsString() @MaxLength(TEXT) markdownText?: string;
}

export class TextContentDto extends WordedDto {
  @Equals('text')
  @Holds<TextContentDto>(
    'hasWords',
    ({ text, htmlText, markdownText, actions }) => [text, htmlText, markdownText, actions].some((v) => v !== undefined),
    "should have required property 'text'",
  )
  @Holds<TextContentDto>('hasVisibleWords', (content) => !isBlank(content), 'text should have a visible character')
  type!: 'text';
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(25)
  @ValidateNested({ each: true })
  @Type(() => UnknownActionDto, actionTypes)
  actions?: object[];
  /** The answer of a reply button. */
  @MayBeAbsent() @IsString() @MaxLength(1000) payload?: string;
}

/** Says nothing in any form: such a message would begin a session and wake a bot for nothing. */
function isBlank({ text, htmlText, markdownText, actions }: TextContentDto): boolean {
  const words = [text, htmlText, markdownText].filter((one) => typeof one === 'string');
  return words.length > 0 && !words.some(isVisible) && (!Array.isArray(actions) || actions.length === 0);
}

abstract class MediaDto extends WordedDto {
  @IsWebAddress() mediaUrl!: string;
  @MayBeAbsent() @IsString() @MaxLength(128) mediaType?: string;
  /** In bytes. */
  @MayBeAbsent() @IsNumber() @Min(0) mediaSize?: number;
  @MayBeAbsent() @IsString() @MaxLength(128) altText?: string;
  @MayBeAbsent() @IsString() @MaxLength(128) attachmentId?: string;
}

export class ImageContentDto extends MediaDto {
  @Equals('image') type!: 'image';
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(25)
  @ValidateNested({ each: true })
  @Type(() => UnknownActionDto, actionTypes)
  actions?: object[];
}

export class FileContentDto extends MediaDto {
  @Equals('file') type!: 'file';
}

class CoordinatesDto {
  @IsNumber() lat!: number;
  @IsNumber() long!: number;
}

class PlaceDto {
  @MayBeAbsent() @IsString() @Length(1, 1000) address?: string;
  @MayBeAbsent() @IsString() @Length(1, 1000) name?: string;
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
