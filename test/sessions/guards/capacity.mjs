/** What sessions do to the capacity of agents, told with whole sessions. */
import { both, watchedBy } from './guard.mjs';

const spec = 'src/conversation/core/life/capacity.spec.ts';
const without = watchedBy(spec, 'src/conversation/core');
const ofAgent = watchedBy(spec, 'src/agents/core');
const changes = 'work-changes.ts';
const tabCounts = "return load.model === 'tab_based' && tabOpen ? costOf(load, limits) : 0;";
const closes = "return over(change, item, false, 'tab_closed');";
const fits = 'return usedOf(work, limits, name) + cost <= limit + ROUNDING;';
const offline = "session.human.load?.model === 'status_based'";
const departs = "const tab = item.load.model === 'tab_based';";

export const capacity = [
  ofAgent('L-5', 'the closing of the tab', 'tabs.ts', closes, 'return change;'),
  ofAgent('M-7', 'the open tab', 'capacity.ts', tabCounts, 'return 0;'),
  ofAgent('M-7', 'the closing of the tab', 'tabs.ts', closes, 'return change;'),
  ofAgent('X-1', 'the open tab', 'capacity.ts', tabCounts, 'return 0;'),
  without(
    'I-1',
    'that parked work is closed',
    changes,
    "return one(agentId, { type: 'left', workItemId, why: 'inactive' });",
    'return none;',
  ),
  without('I-1', 'that parked work is paused', changes, "return kept(before, event.owner, 'paused');", 'return none;'),
  without(
    'X-2',
    'that parked work is closed',
    changes,
    "return one(agentId, { type: 'left', workItemId, why: 'inactive' });",
    'return none;',
  ),
  without('I-8', 'that it counts again', changes, "return kept(before, event.owner, 'unpaused');", 'return none;'),
  without('X-3', 'that it counts again', changes, "return kept(before, event.owner, 'unpaused');", 'return none;'),
  without(
    'M-11',
    'that it frees',
    changes,
    "return one(agentId, { type: 'left', workItemId, why: 'offline' });",
    'return none;',
  ),
  ofAgent('X-5', 'that tab-based sessions go', 'presence.ts', departs, 'const tab = false;'),
  ofAgent('M-14', 'the question', 'presence.ts', 'if (work.length > 0 && !confirmed)', 'if (ongoing.length < 0)'),
  without(
    'K-5',
    'that the tab goes with the log-out',
    'decide/end-procedure.ts',
    "if (via === 'logout') return 'agent_logout';",
    '',
  ),
  without(
    'K-12',
    'that the tab stays',
    changes,
    "return one(event.agentId, { type: 'transferred', workItemId: event.workItemId });",
    "return one(event.agentId, { type: 'left', workItemId: event.workItemId, why: 'returned' });",
  ),
  without(
    'K-3',
    'the reservation',
    changes,
    "return one(agentId, { type: 'offered', workItemId, sessionId, conversationId, queueId, load });",
    'return none;',
  ),
  without(
    'X-12',
    'the reservation',
    changes,
    "return one(agentId, { type: 'offered', workItemId, sessionId, conversationId, queueId, load });",
    'return none;',
  ),
  without(
    'T12',
    'that it is given back',
    changes,
    "return one(event.agentId, { type: 'withdrawn', workItemId: event.workItemId, why: event.why });",
    'return none;',
  ),
  without(
    'A-6',
    'the setting of the channel',
    changes,
    "return counts ? world.channel.agentEndedAs : 'messaging';",
    "return 'messaging';",
  ),
  without(
    'A-6',
    'that it is for ends by agents',
    changes,
    "return counts ? world.channel.agentEndedAs : 'messaging';",
    'return world.channel.agentEndedAs;',
  ),
  ofAgent('K-8', 'what still fits', 'capacity.ts', fits, 'return usedOf(work, limits, name) <= limit;'),
  ofAgent('T32', 'the ends', 'presence.ts', "(endsSessions === 'always' ||", "(endsSessions === 'never' ||"),
  both(
    ofAgent('M-12', 'the model', 'presence.ts', departs, 'const tab = true;'),
    without('M-12', 'the model', 'decide/work.ts', offline, 'session === null'),
  ),
  both(
    ofAgent('T16', 'the model', 'presence.ts', departs, 'const tab = true;'),
    without('T16', 'the model', 'decide/work.ts', offline, 'session === null'),
  ),
  ofAgent(
    'X-6',
    'after-work',
    'capacity.ts',
    "case 'afterWork':\n      return costOf(load, limits);",
    "case 'afterWork':\n      return 0;",
  ),
  ofAgent(
    'K-10',
    'after-work',
    'capacity.ts',
    "case 'afterWork':\n      return costOf(load, limits);",
    "case 'afterWork':\n      return 0;",
  ),
  without(
    'I-7',
    'that parked work is closed',
    'decide/inactive.ts',
    "const alone = stays ? asked : agentLeaves(asked, 'inactive');",
    'const alone = asked;',
  ),
  without(
    'T17',
    'that the tab stays',
    changes,
    "return one(event.agentId, { type: 'transferred', workItemId: event.workItemId });",
    "return one(event.agentId, { type: 'left', workItemId: event.workItemId, why: 'returned' });",
  ),
  without(
    'K-9',
    'that it counts from the answer on',
    changes,
    "return one(agentId, { type: 'answered', ...work });",
    'return none;',
  ),
  without('K-2', 'who assigned it before', changes, 'routed: before.session?.human?.routed ?? false', 'routed: false'),
];
