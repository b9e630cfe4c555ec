import { ArrayMinSize, ArrayUnique, IsArray, IsIn, IsString, Length } from 'class-validator';
import { MayBeAbsent } from '../../platform/http/index.js';
import { GRANTS, type Grant } from '../auth/grants.js';

export class CreateKeyDto {
  @IsString() @Length(1, 100) displayName!: string;
}

export class CreateAppKeyDto extends CreateKeyDto {
  @MayBeAbsent() @IsArray() @ArrayMinSize(1) @ArrayUnique() @IsIn(GRANTS, { each: true }) scopes?: Grant[];
}
