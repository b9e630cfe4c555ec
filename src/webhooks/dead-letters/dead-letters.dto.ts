import { IsString } from 'class-validator';
import { Length, MayBeAbsent } from '../../platform/http/index.js';

export class ResendDto {
  /** Another webhook of the same integration, which shall get the letter instead. */
  @MayBeAbsent() @IsString() @Length(1, 128) webhookId?: string;
}
