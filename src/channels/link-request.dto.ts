import { IsString, Length } from 'class-validator';

export class LinkRequestDto {
  @IsString() @Length(24, 24) channelId!: string;
}

export class ConfirmLinkDto {
  @IsString() @Length(24, 24) channelId!: string;
  @IsString() @Length(1, 256) code!: string;
}
