import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsEmail, IsIn, IsObject } from 'class-validator';
import { IsString, ValidateNested } from 'class-validator';
import { Holds, IsMetadata, Length, MayBeAbsent, MayBeNull } from '../../../platform/http/index.js';
import { ContentDto } from './content.dto.js';
import { contentTypes } from './message.dto.js';
import type { PostedContent } from '../posted-content.js';

class ChosenOptionDto {
  @IsString() @Length(1, 128) name!: string;
  @MayBeAbsent() @IsString() @Length(1, 128) label?: string;
}

class FormAnswerDto {
  @IsIn(['text', 'email', 'select']) type!: 'text' | 'email' | 'select';
  @IsString() @Length(1, 128) name!: string;
  @MayBeAbsent() @IsString() @Length(1, 128) label?: string;
  @MayBeAbsent() @IsString() @Length(1, 256) text?: string;
  @MayBeAbsent() @IsEmail() @Length(1, 128) email?: string;
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => ChosenOptionDto)
  select?: ChosenOptionDto[];
  /** The form that is answered. */
  @IsString() @Length(24, 24) quotedMessageId!: string;
}

/** Answers to one form. Only end users send these, through the client API. */
export class FormResponseContentDto extends ContentDto {
  @Equals('formResponse') type!: 'formResponse';
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique((field: FormAnswerDto) => field?.name, { message: 'names of fields should be unique' })
  @Holds<FormResponseContentDto>(
    'oneForm',
    ({ fields }) => !Array.isArray(fields) || new Set(fields.map((field) => field?.quotedMessageId)).size === 1,
    'fields should answer one form',
  )
  @ValidateNested({ each: true })
  @Type(() => FormAnswerDto)
  fields!: FormAnswerDto[];
}

/** What content of no known type is checked against. */
class UnknownClientContentDto {
  @IsIn(['text', 'carousel', 'file', 'form', 'formResponse', 'image', 'list', 'location']) type!: string;
}

/** Everything a business may send but templates, which only businesses have; and answers to its forms. */
const clientContentTypes = {
  ...contentTypes,
  discriminator: {
    ...contentTypes.discriminator,
    subTypes: [
      ...contentTypes.discriminator.subTypes.filter(({ name }) => name !== 'template'),
      { name: 'formResponse', value: FormResponseContentDto },
    ],
  },
};

/** A message of the token's user: there is no author to name. */
export class ClientMessageDto {
  @IsObject()
  @ValidateNested()
  @Type(() => UnknownClientContentDto, clientContentTypes)
  content!: PostedContent | FormResponseContentDto;
  @MayBeNull() @IsMetadata() metadata?: Record<string, string | number | boolean> | null;
}
