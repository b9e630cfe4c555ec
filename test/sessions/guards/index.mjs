/**
 * For each row the guard its test watches, as an edit that disables it: `find` stands exactly once in `file`. The test
 * in `spec` that names the row must fail with the edit, and pass without. `off` says what is disabled.
 */
import { agents } from './agents.mjs';
import { around } from './around.mjs';
import { byAgent } from './by-agent.mjs';
import { capacity } from './capacity.mjs';
import { codes } from './codes.mjs';
import { ending } from './ending.mjs';
import { humans } from './humans.mjs';
import { onServers } from './on-servers.mjs';
import { parking } from './parking.mjs';
import { settings } from './settings.mjs';
import { starting } from './starting.mjs';
import { told } from './told.mjs';

/** `{row, off, spec, project, edits: [{file, find, replace}]}` */
export const guards = [
  ...settings,
  ...byAgent,
  ...starting,
  ...humans,
  ...parking,
  ...ending,
  ...agents,
  ...around,
  ...capacity,
  ...onServers,
  ...told,
  ...codes,
].map((guard) => ({ ...guard, project: guard.spec.startsWith('test/') ? 'servers' : 'unit' }));
