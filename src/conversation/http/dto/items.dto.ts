import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, Equals, IsArray, IsIn, IsObject, IsString } from 'class-validator';
import { ValidateNested } from 'class-validator';
import {
  itemActionTypes,
  ONE_OPENS,
  openingByThemselves,
  UnknownItemActionDto,
  type ActionBody,
} from './action.dto.js';
import { ContentDto } from './content.dto.js';
import {
  Holds,
  IsMetadata,
  IsWebAddress,
  Length,
  MaxLength,
  MayBeAbsent,
  MayBeNull,
} from '../../../platform/http/index.js';

class ItemDto {
  @IsString() @Length(1, 128) title!: string;
  @MayBeAbsent() @IsString() @MaxLength(128) description?: string;
  @MayBeAbsent() @IsWebAddress() mediaUrl?: string;
  /** Of items it is the sender's to say; of images and files it is read-only. */
  @MayBeAbsent() @IsString() @MaxLength(128) mediaType?: string;
  @MayBeAbsent() @IsString() @MaxLength(128) altText?: string;
  @MayBeAbsent() @IsIn(['compact', 'large']) size?: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(3)
  @ValidateNested({ each: true })
  @Type(() => UnknownItemActionDto, itemActionTypes)
  actions!: ActionBody[];
  @MayBeNull() @IsMetadata() metadata?: Record<string, string | number | boolean> | null;
}

class DisplaySettingsDto {
  @MayBeAbsent() @IsIn(['horizontal', 'square']) imageAspectRatio?: string;
}

abstract class ItemsDto extends ContentDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @Holds<ItemsDto & { readonly actions?: unknown }>(
    'oneOpens',
    ({ items, actions }) => openingByThemselves(actions, ...actionsOf(items)) <= 1,
    ONE_OPENS,
  )
  @ValidateNested({ each: true })
  @Type(() => ItemDto)
  items!: ItemDto[];
}

const actionsOf = (items: readonly (ItemDto | null)[]): readonly unknown[] =>
  Array.isArray(items) ? items.map((item) => item?.actions) : [];

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
  actions?: ActionBody[];
}
