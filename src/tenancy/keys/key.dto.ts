import { IsString, Length } from 'class-validator';

export class CreateKeyDto {
  @IsString() @Length(1, 100) displayName!: string;
}
