import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn } from 'class-validator';
import { IsWebAddress, MayBeAbsent } from '../platform/http/index.js';
import { triggers as known } from './triggers.js';

const MOST_TRIGGERS = 64;

export class CreateWebhookDto {
  @IsWebAddress() target!: string;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_TRIGGERS) @IsIn(known, { each: true }) triggers!: string[];
  @MayBeAbsent() @IsBoolean() includeFullUser?: boolean;
  @MayBeAbsent() @IsBoolean() includeFullSource?: boolean;
}

export class UpdateWebhookDto {
  @MayBeAbsent() @IsWebAddress() target?: string;
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_TRIGGERS)
  @IsIn(known, { each: true })
  triggers?: string[];
  @MayBeAbsent() @IsBoolean() includeFullUser?: boolean;
  @MayBeAbsent() @IsBoolean() includeFullSource?: boolean;
}
