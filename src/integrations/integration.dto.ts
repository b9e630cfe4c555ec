import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, ValidateNested } from 'class-validator';
import { Length, MayBeAbsent, MayBeNull } from '../platform/http/index.js';
import { ChannelSettingsDto } from './channel-settings.dto.js';
import { CreateWebhookDto, UpdateWebhookDto } from './webhook.dto.js';

class IntegrationFields extends ChannelSettingsDto {
  @MayBeNull() @IsString() @Length(1, 100) displayName?: string | null;
  @MayBeNull() @IsString() @Length(1, 128) defaultResponderId?: string | null;
}

export class CreateIntegrationDto extends IntegrationFields {
  @IsString() @Length(1, 128) type!: string;
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1)
  @ValidateNested({ each: true })
  @Type(() => CreateWebhookDto)
  webhooks?: CreateWebhookDto[];
}

export class UpdateIntegrationDto extends IntegrationFields {
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
