import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, Length, ValidateNested } from 'class-validator';
import { MayBeAbsent, MayBeNull } from '../platform/http/index.js';
import { CreateWebhookDto, UpdateWebhookDto } from './webhook.dto.js';

export class CreateIntegrationDto {
  @IsString() @Length(1, 128) type!: string;
  @MayBeNull() @IsString() @Length(1, 100) displayName?: string | null;
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1)
  @ValidateNested({ each: true })
  @Type(() => CreateWebhookDto)
  webhooks?: CreateWebhookDto[];
}

export class UpdateIntegrationDto {
  @MayBeNull() @IsString() @Length(1, 100) displayName?: string | null;
  @MayBeNull() @IsString() @Length(1, 128) defaultResponderId?: string | null;
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1)
  @ValidateNested({ each: true })
  @Type(() => UpdateWebhookDto)
  webhooks?: UpdateWebhookDto[];
}

export class CreateIntegrationKeyDto {
  @IsString() @Length(1, 100) displayName!: string;
}
