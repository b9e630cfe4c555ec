import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.js';

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

/**
 * Every operation that bots written for the wire may call, whether it is served here or not: the operations whose words are
 * not ours. What they read stays lenient, so that clients of other versions work (ADR 0012); every other operation refuses
 * words it does not know (ADR 0047).
 */
export const wireOperations: readonly WireOperation[] = (
  JSON.parse(readFileSync(join(root, 'src/platform/http/wire-operations.json'), 'utf8')) as OperationsFile
).operations;

/** Parameters are called differently in different places, and stand in the same place. */
const unnamed = (path: string): string => path.replaceAll(/:\w+|\{\w+\}/g, ':');

const onWire = new Set(wireOperations.map(({ method, path }) => `${method} ${unnamed(path)}`));

/** What was found of each route. */
const ours = new Map<string, boolean>();

/** An operation of our own API, not of the public one; pages for people and for machines are neither. */
export function isOurs(method: string, route: string | undefined): boolean {
  if (route === undefined) return false;
  const key = `${method} ${route}`;
  const known = ours.get(key) ?? isBesideWire(method, route);
  ours.set(key, known);
  return known;
}

function isBesideWire(method: string, route: string): boolean {
  if (!/^\/(v2|client)\//.test(route)) return false;
  return !onWire.has(`${method === 'HEAD' ? 'GET' : method} ${unnamed(route)}`);
}
