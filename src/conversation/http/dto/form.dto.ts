import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsIn, IsInt, IsString } from 'class-validator';
import { Max, Min, ValidateNested } from 'class-validator';
import { ContentDto } from './content.dto.js';
import { ANSWER_LENGTH } from '../posted-content.js';
import { Holds, Length, MayBeAbsent } from '../../../platform/http/index.js';

class FormOptionDto {
  @IsString() @Length(1, 128) name!: string;
  @IsString() @Length(1, 128) label!: string;
}

class FormFieldDto {
  @IsIn(['text', 'email', 'select'])
  @Holds<FormFieldDto>(
    'hasOptions',
    ({ type, options }) => type !== 'select' || (options ?? []).length !== 0,
    'a field of type select should have options',
  )
  type!: 'text' | 'email' | 'select';
  @IsString() @Length(1, 128) name!: string;
  @IsString() @Length(1, 128) label!: string;
  @MayBeAbsent() @IsString() @Length(1, 128) placeholder?: string;
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(256)
  @Holds<FormFieldDto>(
    'fitsMaxSize',
    ({ minSize, maxSize }) => !((minSize ?? ANSWER_LENGTH.least) > (maxSize ?? ANSWER_LENGTH.most)),
    `minSize should not be more than maxSize (${ANSWER_LENGTH.most} unless given)`,
  )
  minSize?: number;
  @MayBeAbsent() @IsInt() @Min(1) @Max(256) maxSize?: number;
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(200)
  @ArrayUnique((option: FormOptionDto) => option?.name, { message: 'names of options should be unique' })
  @ValidateNested({ each: true })
  @Type(() => FormOptionDto)
  options?: FormOptionDto[];
  @MayBeAbsent() @IsIn(['integer', 'decimal']) format?: 'integer' | 'decimal';
}

export class FormContentDto extends ContentDto {
  @Equals('form') type!: 'form';
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique((field: FormFieldDto) => field?.name, { message: 'names of fields should be unique' })
  @ValidateNested({ each: true })
  @Type(() => FormFieldDto)
  fields!: FormFieldDto[];
  @MayBeAbsent() @IsString() text?: string;
}
