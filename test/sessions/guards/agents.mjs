/** The capacity of agents, their presence and their tabs. */
import { watchedBy } from './guard.mjs';

const capacity = watchedBy('src/agents/core/capacity.spec.ts', 'src/agents/core');
const example = watchedBy('src/agents/core/worked-examples.spec.ts', 'src/agents/core');
const presence = watchedBy('src/agents/core/presence.spec.ts', 'src/agents/core');
const histories = watchedBy('src/agents/histories.spec.ts', 'src/agents');
const tabCounts = "return load.model === 'tab_based' && tabOpen ? costOf(load, limits) : 0;";
const fits = 'return usedOf(work, limits, name) + cost <= limit + ROUNDING;';
const automatic = "automatic: change.type !== 'assigned' || change.routed === true,";
const paused = "case 'paused':\n      return load.pausedWeight;";
const afterWork = "case 'afterWork':\n      return costOf(load, limits);";
const offered = "case 'offered':\n    case 'open':";
const asks = "if (work.length > 0 && !confirmed) return { reason: 'ongoingSessions', work };";
const room = 'return usedOf(work, limits, name) < limit;';

export const agents = [
  capacity('K-1', 'the model of the work', 'capacity.ts', tabCounts, 'return tabOpen ? costOf(load, limits) : 0;'),
  capacity('K-2', 'who assigned it', 'work.ts', automatic, 'automatic: true,'),
  capacity('K-3', 'the reservation', 'capacity.ts', offered, "case 'offered':\n      return 0;\n    case 'open':"),
  capacity('K-4', 'the open tab', 'capacity.ts', tabCounts, 'return 0;'),
  capacity(
    'L-5',
    'the closing of the tab',
    'tabs.ts',
    "return over(change, item, false, 'tab_closed');",
    'return change;',
  ),
  capacity(
    'K-5',
    'the log-out',
    'presence.ts',
    "if (item.status === 'over' && tab && item.tabOpen) change = over(change, item, false, why);",
    '',
  ),
  capacity('K-6', 'paused work', 'capacity.ts', paused, "case 'paused':\n      return costOf(load, limits);"),
  capacity('K-8', 'what still fits', 'capacity.ts', fits, room),
  capacity('K-10', 'after-work', 'capacity.ts', afterWork, "case 'afterWork':\n      return 0;"),
  capacity(
    'K-11',
    'a pool of its own',
    'capacity.ts',
    "return load.interruptible && limits.interruptible !== null ? 'interruptible' : 'primary';",
    "return 'primary';",
  ),
  capacity(
    'K-11',
    'that primary work comes first',
    'capacity.ts',
    "if (name === 'interruptible' && isFull(work, limits)) return false;",
    '',
  ),
  capacity('K-12', 'the tab of the sender', 'capacity.ts', tabCounts, 'return 0;'),
  example('X-1', 'the open tab', 'capacity.ts', tabCounts, 'return 0;'),
  example(
    'X-2',
    'the closing of parked work',
    'work.ts',
    "case 'left':\n      return closed(start, item, change.why);",
    "case 'left':\n      return start;",
  ),
  example('X-3', 'paused work', 'capacity.ts', paused, "case 'paused':\n      return costOf(load, limits);"),
  example('X-3', 'what still fits', 'capacity.ts', fits, 'return usedOf(work, limits, name) <= limit;'),
  example('X-4', 'its weight', 'capacity.ts', paused, "case 'paused':\n      return 0;"),
  example('X-5', 'the model', 'presence.ts', "const tab = item.load.model === 'tab_based';", 'const tab = true;'),
  example(
    'X-5',
    'that tab-based work goes',
    'presence.ts',
    "const tab = item.load.model === 'tab_based';",
    'const tab = false;',
  ),
  example(
    'X-6',
    'the limit of extensions',
    'tabs.ts',
    'if (afterWork.extensions >= mostExtensions)',
    'if (afterWork.extensions > mostExtensions)',
  ),
  example(
    'X-6',
    'the minute after a log-out',
    'presence.ts',
    'leave(shortenAfterWork(unchanged(agent), now),',
    'leave(unchanged(agent),',
  ),
  example(
    'X-7',
    'shares',
    'capacity.ts',
    'return load.percent === null ? load.weight : (limitOf(limits, name) * load.percent) / 100;',
    'return load.weight;',
  ),
  example(
    'X-8',
    'a pool of its own',
    'capacity.ts',
    "return load.interruptible && limits.interruptible !== null ? 'interruptible' : 'primary';",
    "return 'primary';",
  ),
  example('X-9', 'that the answer counts', 'work.ts', automatic, "automatic: change.type === 'offered',"),
  example(
    'X-10',
    'the bucket of what agents end',
    'work.ts',
    "treatAs === 'email' ? { ...item.load, bucket: treatAs } : item.load",
    'item.load',
  ),
  example(
    'A-6',
    'the bucket of what agents end',
    'work.ts',
    "treatAs === 'email' ? { ...item.load, bucket: treatAs } : item.load",
    'item.load',
  ),
  example('X-12', 'the reservation', 'capacity.ts', offered, "case 'offered':\n      return 0;\n    case 'open':"),
  presence(
    'M-11',
    'the grace',
    'presence.ts',
    'const due = agent.presence.graceUntil === until && until <= now;',
    'const due = true;',
  ),
  presence(
    'M-11',
    'the duplicate log-in',
    'presence.ts',
    "replaced ? goOffline(start, 'duplicate_login', now) : step(start)",
    'step(start)',
  ),
  presence('M-14', 'the question', 'presence.ts', asks, ''),
  presence(
    'T32',
    'the setting',
    'presence.ts',
    "(endsSessions === 'always' || (endsSessions === 'tab_based_only' && load.model === 'tab_based'))",
    'true',
  ),
  presence('L-4', 'the open tab', 'work.ts', ': done(start, counted, ', ': over(start, counted, false, '),
  presence(
    'T22',
    'the choice',
    'tabs.ts',
    "if (item.load.model === 'tab_based') return { reason: 'choiceRequired' };",
    '',
  ),
  capacity(
    'T23',
    'the model',
    'tabs.ts',
    "if (item.load.model === 'tab_based') return { reason: 'choiceRequired' };",
    "return { reason: 'choiceRequired' };",
  ),
  presence(
    'T23',
    'the model',
    'tabs.ts',
    "if (item.load.model === 'tab_based') return { reason: 'choiceRequired' };",
    "return { reason: 'choiceRequired' };",
  ),
  presence(
    'T12',
    'that the offer is withdrawn',
    'presence.ts',
    "else if (item.status === 'offered' || (",
    'else if ((',
  ),
  presence(
    'L-5',
    'the closing of the tab',
    'tabs.ts',
    "return over(change, item, false, 'tab_closed');",
    'return change;',
  ),
  capacity('K-7', 'that it counts again', 'work.ts', "if (item.status !== 'paused') return start;", 'return start;'),
  capacity('K-9', 'that the answer counts', 'work.ts', automatic, "automatic: change.type === 'offered',"),
  example(
    'M-11',
    'that tab-based work goes',
    'presence.ts',
    "const tab = item.load.model === 'tab_based';",
    'const tab = false;',
  ),
  example('M-12', 'the model', 'presence.ts', "const tab = item.load.model === 'tab_based';", 'const tab = true;'),
  example('X-11', 'its weight', 'capacity.ts', paused, "case 'paused':\n      return costOf(load, limits);"),
  histories('K-3', 'room', 'core/capacity.ts', fits, 'return true;'),
  histories('K-8', 'paused work', 'core/capacity.ts', paused, "case 'paused':\n      return costOf(load, limits);"),
  histories('X-12', 'room', 'core/capacity.ts', fits, 'return true;'),
];
