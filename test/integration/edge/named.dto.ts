import { IsInt, IsOptional, IsString, Length } from 'class-validator';

export class NamedDto {
  @IsString() @Length(1, 200_000) name!: string;
  @IsOptional() @IsInt() size?: number;
}
