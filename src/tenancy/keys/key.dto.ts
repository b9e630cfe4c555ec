import { ArrayMinSize, ArrayUnique, IsArray, IsIn, IsString } from 'class-validator';
import { Length, NeverNull } from '../../platform/http/index.js';
import { GRANTS, type Grant } from '../auth/grants.js';

export class CreateKeyDto {
  @IsString() @Length(1, 100) displayName!: string;
}

export class CreateAppKeyDto extends CreateKeyDto {
  /** Without them the key may do everything. */
  @NeverNull()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(GRANTS, { each: true })
  scopes?: Grant[];
}
