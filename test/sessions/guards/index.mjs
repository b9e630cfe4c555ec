/**
 * For each row the guard its test watches, as an edit that disables it: `find` stands exactly once in `file`. The test
 * in `spec` that names the row must fail with the edit, and pass without. `off` says what is disabled.
 */
import { ending } from './ending.mjs';

/** `{row, off, spec, project, edits: [{file, find, replace}]}` */
export const guards = [...ending].map(({ file, find, replace, edits, project, ...guard }) => ({
  ...guard,
  project: project ?? (guard.spec.startsWith('test/') ? 'servers' : 'unit'),
  edits: edits ?? [{ file, find, replace }],
}));
