import { ArrayMinSize, ArrayUnique, IsArray, IsIn, IsString, Length, ValidateIf } from 'class-validator';
import { GRANTS, type Grant } from '../auth/grants.js';

export class CreateKeyDto {
  @IsString() @Length(1, 100) displayName!: string;
}

export class CreateAppKeyDto extends CreateKeyDto {
  /** Without them the key may do everything, so here no `null` stands for nothing said. */
  @ValidateIf((body: CreateAppKeyDto) => body.scopes !== undefined)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(GRANTS, { each: true })
  scopes?: Grant[];
}
