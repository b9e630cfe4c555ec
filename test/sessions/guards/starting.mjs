/** How a session begins, and what the first answer does. */
import { watchedBy } from './guard.mjs';

const without = watchedBy('src/conversation/core/life/starting.spec.ts', 'src/conversation/core');
const message = 'decide/message.ts';
const start = 'decide/start-session.ts';
const stays = "if (owner !== null && world.channel.load.model === 'status_based' && !isRefusedBack(draft, session))";

export const starting = [
  without(
    'T1',
    'what the channel can',
    start,
    "if (!draft.world.channel.can.businessStart) return { reason: 'mayNotStart' };",
    '',
  ),
  without(
    'T1',
    'consent',
    start,
    "if (draft.world.channel.optIn === 'explicit' && !draft.state.consented)",
    'if (!draft)',
  ),
  without('T1', 'one at a time', start, 'if (live > (givesWay ? 1 : 0))', 'if (!draft)'),
  without('T2', 'the model', message, stays, 'if (owner === undefined)'),
  without('T3', 'the model', message, stays, 'if (owner !== null)'),
  without(
    'T4',
    'that nobody is left for a post-end flow',
    'decide/end-procedure.ts',
    '|| NEVER_ANSWERED.has(reason)',
    '',
  ),
  without(
    'T5',
    'the default responder',
    message,
    'const held = waits ? draft : assignDefault(draft);',
    'const held = draft;',
  ),
  without(
    'T6',
    'the queue',
    'decide/follow-control.ts',
    'return enqueue(draft, first',
    'return draft ?? enqueue(draft, first',
  ),
  without(
    'T7',
    'the question',
    'decide/consent.ts',
    "world.channel.optIn === 'explicit' && !state.consented",
    'world.now === state.seq',
  ),
  without(
    'T8',
    'that the answer holds',
    'evolve.ts',
    'session: active(session), consented: true',
    'session: active(session)',
  ),
  without('T9', 'the refusal', 'decide/consent.ts', 'if (granted) return', 'if (granted || draft) return'),
  without('M-15', 'the deadline', 'channel.ts', "tier === 'standard' ? DAY", "tier === 'standard' ? 2 * DAY"),
  without('M-16', 'the deadline', 'channel.ts', ': 2 * DAY', ': DAY'),
  without('M-17', 'that the answer ends the wait', message, "case 'NEW':\n      return answered(draft, session);", ''),
  without('K-9', 'that work begins with the answer', message, stays, 'if (owner === undefined)'),
  without(
    'L-3',
    'a session of its own',
    message,
    'default:\n      return begin(draft, command);',
    'default:\n      return draft;',
  ),
  without('T37', 'the closed door', message, "if (state.lifecycle === 'closedToEndUser') return ended;", ''),
  without(
    'T37',
    'the threading window',
    message,
    'const draft = leaveVisit(closeWindow(asked), command);',
    'const draft = leaveVisit(asked, command);',
  ),
  without('T2', 'the check of the queue', message, ' && !isRefusedBack(draft, session)', ''),
  without('K-7', 'the check of the queue', message, ' && !isRefusedBack(draft, session)', ''),
];
