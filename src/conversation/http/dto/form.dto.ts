import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsIn, IsInt, IsString } from 'class-validator';
import { Length, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { ContentDto } from './content.dto.js';
import { MayBeAbsent } from '../../../platform/http/index.js';

class FormOptionDto {
  @IsString() @Length(1, 128) name!: string;
  @IsString() @Length(1, 128) label!: string;
}

class FormFieldDto {
  @IsIn(['text', 'email', 'select']) type!: string;
  @IsString() @Length(1, 128) name!: string;
  @IsString() @Length(1, 128) label!: string;
  @MayBeAbsent() @IsString() @Length(1, 128) placeholder?: string;
  @MayBeAbsent() @IsInt() @Min(1) @Max(256) minSize?: number;
  @MayBeAbsent() @IsInt() @Min(1) @Max(256) maxSize?: number;
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => FormOptionDto)
  options?: FormOptionDto[];
  @MayBeAbsent() @IsIn(['integer', 'decimal']) format?: string;
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
  @MayBeAbsent() @IsString() @MaxLength(4096) text?: string;
}
