import { IsInt, IsOptional, IsString } from 'class-validator';
import { Length } from '../../../src/platform/http/index.js';

export class NamedDto {
  @IsString() @Length(1, 200_000) name!: string;
  @IsOptional() @IsInt() size?: number;
}
