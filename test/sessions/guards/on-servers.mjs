/** What only a running server can show: lists, several sessions in one call, and what happens at the same moment. */
import { watchedBy } from './guard.mjs';

const lists = watchedBy('test/integration/sessions/lists.spec.ts', 'src');
const races = watchedBy('test/integration/sessions/races.spec.ts', 'src');
const tabs = watchedBy('test/integration/agents/tabs.spec.ts', 'src');
const going = watchedBy('test/integration/agents/going.spec.ts', 'src');
const told = watchedBy('test/integration/sessions/told-at-end.spec.ts', 'src');
const concerned = 'conversation/core/concerned.ts';
const departures = 'desk/departures.ts';
const lock = ['agents/locks.store.ts', 'ORDER BY id FOR UPDATE', 'ORDER BY id'];
const query = 'sessions/sessions.query.ts';
const service = 'sessions/sessions.service.ts';
const guards = 'conversation/core/decide/end-guards.ts';
const repeated = "if (repeated) return { sessionId, result: 'already_ended' };";

export const onServers = [
  lists('M-8', 'the end user', query, '.$if(filter.userId !== null,', '.$if(filter.userId === undefined,'),
  lists('M-8', 'the status', query, '.$if(filter.statuses !== null,', '.$if(filter.statuses === undefined,'),
  lists(
    'M-10',
    'a result for each',
    service,
    'if (error instanceof Failure) return { sessionId, result: error.code };',
    '',
  ),
  lists('M-10', 'that a repeat ends nothing', service, repeated, ''),
  lists(
    'M-10',
    'the rule for each',
    guards,
    "return parked ? { reason: 'inactiveStatusBased' } : null;",
    'return null;',
  ),
  races('K-3', 'the lock of the agent', ...lock),
  races('X-12', 'the lock of the agent', ...lock),
  tabs(
    'L-5',
    'the save before the tab closes',
    'agents/ledger/agent.commands.ts',
    "type: 'closeWorkItem', workItemId }), notes });",
    "type: 'closeWorkItem', workItemId }) });",
  ),
  going(
    'M-11',
    'that their conversations hear of it',
    departures,
    'else await this.commands.runIn(',
    'else if (!this) await this.commands.runIn(',
  ),
  going(
    'M-14',
    'the end of each session',
    departures,
    "if (what === 'end') await this.commands.end(",
    "if (what === 'end' && !this) await this.commands.end(",
  ),
  told(
    'A-6',
    'who ended, behind a post-end flow',
    'conversation/announcements/session-ended-humans.ts',
    'countsAs(end.endedBy, world)',
    'countsAs(null, world)',
  ),
  told(
    'M-7',
    'that the agent is looked at',
    concerned,
    'byAgent || mayEnd(state, command) ? whoTookPart(session) : []',
    '[]',
  ),
  told(
    'K-12',
    'that every agent is looked at',
    concerned,
    'byAgent || mayEnd(state, command) ? whoTookPart(session) : []',
    '[]',
  ),
  tabs(
    'X-1',
    'the open tab',
    'agents/core/capacity.ts',
    "return load.model === 'tab_based' && tabOpen ? costOf(load, limits) : 0;",
    'return 0;',
  ),
];
