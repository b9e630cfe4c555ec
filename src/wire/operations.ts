import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../platform/root.js';

/** One operation of the Sunshine Conversations API, as its own document writes it: `GetApp`, `/v2/apps/{appId}`. */
export interface WireOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** Its callers have no credentials: browsers, and whoever brings theirs in the body. */
  readonly public?: true;
}

interface OperationsFile {
  /** Where the list comes from. */
  readonly source: string;
  readonly operations: readonly WireOperation[];
}

/** Every operation that bots written for the wire may call, whether it is served here or not. */
export const wireOperations: readonly WireOperation[] = (
  JSON.parse(readFileSync(join(root, 'src/wire/operations.json'), 'utf8')) as OperationsFile
).operations;

/** The path as routes are written: `/v2/apps/:appId`. */
export const routePathOf = ({ path }: Pick<WireOperation, 'path'>): string => path.replace(/\{(\w+)\}/g, ':$1');
