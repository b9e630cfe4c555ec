import type { WireOperation } from '../../../src/wire/index.js';
import type { Seen } from './witness.js';

/** What is known of one operation when everything was tried. */
export interface Finding {
  readonly operation: WireOperation;
  readonly seen: Seen;
  /** Documented fields of its body that are not read. */
  readonly unread: readonly string[];
  /** What else is missing, proved by a request. */
  readonly missing: readonly string[];
}

export type State = 'full' | 'partly' | 'not there';

export const isMissing = ({ statuses }: Seen): boolean => statuses.size === 1 && statuses.has(501);

export const succeeded = ({ statuses }: Seen): boolean => [...statuses].some((status) => status < 400);

export function stateOf({ seen, unread, missing }: Finding): State {
  if (isMissing(seen)) return 'not there';
  return unread.length === 0 && missing.length === 0 ? 'full' : 'partly';
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const code = (text: string): string => `\`${text}\``;

/** The table of `docs/operations-of-the-wire.md`. */
export function tableOf(findings: readonly Finding[]): string {
  return [
    line(['operation', 'call', 'here']),
    line(['---', '---', '---']),
    ...findings.map((finding) => {
      const { operationId, method, path } = finding.operation;
      return line([code(operationId), code(`${method} ${path}`), cellOf(finding)]);
    }),
  ].join('\n');
}

function cellOf(finding: Finding): string {
  const state = stateOf(finding);
  if (state !== 'partly') return state === 'full' ? 'full' : '**not there**';
  const { unread, missing } = finding;
  const fields = unread.length === 0 ? [] : [`not read: ${unread.map(code).join(', ')}`];
  return `partly: ${[...missing, ...fields].join('; ')}`;
}

/** How many operations are in which state, in a sentence. */
export function countOf(findings: readonly Finding[]): string {
  const states = findings.map(stateOf);
  const of = (state: State): number => states.filter((one) => one === state).length;
  return `Of ${findings.length} operations ${of('full')} are full, ${of('partly')} partly, and ${of('not there')} not there.`;
}
