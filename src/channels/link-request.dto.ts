import { IsString } from 'class-validator';
import { Length } from '../platform/http/index.js';

export class LinkRequestDto {
  @IsString() @Length(24, 24) channelId!: string;
}

export class ConfirmLinkDto {
  @IsString() @Length(24, 24) channelId!: string;
  @IsString() @Length(1, 256) code!: string;
}
