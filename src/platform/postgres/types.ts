import { types as standard, type CustomTypesConfig } from 'pg';

/** int8: every counter of ours stays far below 2^53, and a bigint cannot be written as JSON. */
const INT8 = 20;

/**
 * How values come out of PostgreSQL, for every connection of the process: int8 as number, timestamptz as `Date`, jsonb
 * parsed, bytea as `Buffer`, the rest as `pg` does it.
 */
export const types: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? Number : (standard.getTypeParser(oid, format as 'text') as unknown),
};
