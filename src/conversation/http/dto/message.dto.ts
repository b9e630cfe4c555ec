import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsObject, IsString } from 'class-validator';
import { Max, Min, ValidateNested } from 'class-validator';
import * as content from './content.dto.js';
import {
  Holds,
  IsMetadata,
  IsWebAddress,
  Length,
  MaxLength,
  MayBeAbsent,
  MayBeNull,
  NeverNull,
} from '../../../platform/http/index.js';
import { FormContentDto } from './form.dto.js';
import { CarouselContentDto, ListContentDto } from './items.dto.js';
import type { PostedContent } from '../posted-content.js';

/** Which class content is, by its `type`. */
export const contentTypes = {
  keepDiscriminatorProperty: true,
  discriminator: {
    property: 'type',
    subTypes: [
      { name: 'text', value: content.TextContentDto },
      { name: 'image', value: content.ImageContentDto },
      { name: 'file', value: content.FileContentDto },
      { name: 'location', value: content.LocationContentDto },
      { name: 'template', value: content.TemplateContentDto },
      { name: 'carousel', value: CarouselContentDto },
      { name: 'list', value: ListContentDto },
      { name: 'form', value: FormContentDto },
    ],
  },
};

/** Who wrote: the business, or an end user named by exactly one of the two ids. */
export class AuthorDto {
  @IsIn(['business', 'user'])
  @Holds<AuthorDto>(
    'namesItsUser',
    ({ type, userId, userExternalId }) =>
      (type === 'user' ? 1 : 0) === [userId, userExternalId].filter((id) => id !== undefined).length,
    'an author of type user should have exactly one of userId and userExternalId, one of type business none',
  )
  type!: 'business' | 'user';
  @MayBeAbsent() @IsString() userId?: string;
  @MayBeAbsent() @IsString() userExternalId?: string;
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1)
  @IsIn(['AI', 'activity'], { each: true })
  subtypes?: string[];
  @MayBeAbsent() @IsString() displayName?: string;
  @MayBeAbsent() @IsWebAddress() avatarUrl?: string;
}

/** Where a business message goes; `integrationType: none`, a silent one, is refused. */
class DestinationDto {
  @MayBeAbsent() @IsString() @Length(24, 24) integrationId?: string;
  @MayBeAbsent() @IsString() @Length(1, 128) integrationType?: string;
}

export class PostMessageDto {
  @IsObject() @ValidateNested() @Type(() => AuthorDto) author!: AuthorDto;
  @IsObject()
  @ValidateNested()
  @Type(() => content.UnknownContentDto, contentTypes)
  @Holds<PostMessageDto>(
    'namesItsSchema',
    ({ content: posted, schema }) => posted?.type !== 'template' || schema === 'whatsapp',
    'schema should be whatsapp for content of type template',
  )
  content!: PostedContent;
  @MayBeNull() @IsMetadata() metadata?: Record<string, string | number | boolean> | null;
  @MayBeAbsent()
  @IsObject()
  @Holds<PostMessageDto>(
    'businessOnly',
    ({ author }) => author?.type === 'business',
    'destination is for authors of type business',
  )
  @ValidateNested()
  @Type(() => DestinationDto)
  destination?: DestinationDto;
  /** Payloads for channels of one kind; refused where they say something, for none is connected. */
  @MayBeAbsent() @IsObject() override?: object;
  @MayBeAbsent() @IsString() @MaxLength(128) schema?: string;
  /** The epoch the caller believes in: the message is refused when control has changed hands since. */
  @NeverNull()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  @Holds<PostMessageDto>(
    'fencesBusiness',
    ({ author }) => author?.type === 'business',
    'controlEpoch is for authors of type business',
  )
  controlEpoch?: number;
}
