import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, Equals, IsArray, IsIn, IsObject, IsString } from 'class-validator';
import { Length, MaxLength, ValidateNested } from 'class-validator';
import { itemActionTypes, UnknownItemActionDto } from './action.dto.js';
import { ContentDto } from './content.dto.js';
import { IsWebAddress, IsMetadata, MayBeAbsent, MayBeNull } from '../../../platform/http/index.js';

class ItemDto {
  @IsString() @Length(1, 128) title!: string;
  @MayBeAbsent() @IsString() @MaxLength(128) description?: string;
  @MayBeAbsent() @IsWebAddress() mediaUrl?: string;
  @MayBeAbsent() @IsString() @MaxLength(128) mediaType?: string;
  @MayBeAbsent() @IsString() @MaxLength(128) altText?: string;
  @MayBeAbsent() @IsIn(['compact', 'large']) size?: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(3)
  @ValidateNested({ each: true })
  @Type(() => UnknownItemActionDto, itemActionTypes)
  actions!: object[];
  @MayBeNull() @IsMetadata() metadata?: Record<string, string | number | boolean> | null;
}

class DisplaySettingsDto {
  @MayBeAbsent() @IsIn(['horizontal', 'square']) imageAspectRatio?: string;
}

abstract class ItemsDto extends ContentDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => ItemDto)
  items!: ItemDto[];
}

export class CarouselContentDto extends ItemsDto {
  @Equals('carousel') type!: 'carousel';
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => DisplaySettingsDto) displaySettings?: DisplaySettingsDto;
}

export class ListContentDto extends ItemsDto {
  @Equals('list') type!: 'list';
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => UnknownItemActionDto, itemActionTypes)
  actions?: object[];
}
