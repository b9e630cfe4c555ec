/** Parked sessions and the silence of the customer. */
import { watchedBy } from './guard.mjs';

const without = watchedBy('src/conversation/core/life/parking.spec.ts', 'src/conversation/core');
const inactive = 'decide/inactive.ts';
const waits = 'waits.ts';
const leaves = "const alone = stays ? asked : agentLeaves(asked, 'inactive');";
const back = "return enqueue(agentLeaves(back, 'returned'), 'reactivated',";
const keeps = 'if (owner !== null && !isRefusedBack(draft, session)) return back;';
const inactiveEnd = "return wait('inactiveEnd', `${subject}:${session.since}`, session.since,";
const firstAnswer = 'talk.customerAt === null ? null : (talk.answeredAt ?? at)';

export const parking = [
  without('I-1', 'that tab-based work is closed', inactive, leaves, 'const alone = asked;'),
  without('I-1', 'that status-based work is kept', inactive, leaves, "const alone = agentLeaves(asked, 'inactive');"),
  without('I-2', 'the capability', 'channel.ts', 'inactivate: enhanced,', "inactivate: enhanced && kind === 'sms',"),
  without(
    'I-3',
    'the capability',
    inactive,
    "if (!draft.world.channel.can.inactivate) return { reason: 'inactivateNotSupported' };",
    '',
  ),
  without('I-4', 'the permissions', inactive, 'if (refusal) return refusal;', ''),
  without('I-4', 'ownership', inactive, "if (session.human?.owner !== by.agentId) return { reason: 'notOwner' };", ''),
  without(
    'I-5',
    'the layout',
    inactive,
    "agent && layoutOf(draft.world, agent).hideCustomerInactive ? { reason: 'hiddenByAdmin' } : null",
    'null',
  ),
  without(
    'I-7',
    'the routing',
    inactive,
    back,
    'if (draft) return back;\n  return enqueue(agentLeaves(back, "returned"), "reactivated",',
  ),
  without('I-8', 'the owner', inactive, keeps, ''),
  without(
    'I-9',
    'the deadline',
    waits,
    inactiveEnd,
    "return wait('inactiveEnd', `${subject}:${session.since}`, session.startedAt - 60000,",
  ),
  without('I-9', 'a count for each stay', waits, inactiveEnd, "return wait('inactiveEnd', subject, session.since,"),
  without('I-10', 'the first answer', 'evolve/talk.ts', firstAnswer, 'talk.customerAt === null ? null : at'),
  without(
    'I-10',
    'that a message stops it',
    'evolve/talk.ts',
    'customerAt: at,\n    answeredAt: null,',
    'customerAt: at,',
  ),
  without(
    'I-10',
    'the kinds of channel',
    waits,
    'channel.can.inactivityTimeout ? channel.customerInactivitySeconds : null',
    'channel.customerInactivitySeconds',
  ),
  without('I-12', 'the refusal', 'decide/fence.ts', "if (status === 'INACTIVE') return 'sessionInactive';", ''),
  without(
    'I-12',
    'that it gives way to a new one',
    'decide/start-session.ts',
    "const givesWay = session?.status === 'INACTIVE';",
    'const givesWay = false;',
  ),
  without('K-7', 'the check', inactive, keeps, 'if (owner !== null) return back;'),
  without(
    'T20',
    'the state',
    'evolve/session.ts',
    "status: 'INACTIVE', since }",
    "status: 'INACTIVE', since }".replace('INACTIVE', 'PARKED'),
  ),
  without(
    'T21',
    'the timer',
    'decide/timer-due.ts',
    "session?.status === 'ACTIVE' ? inactivate(draft, session, BY_TIMER) : draft",
    'draft',
  ),
  without(
    'T22',
    'the choice',
    inactive,
    "if (command.choice === null) return refuse(draft, { reason: 'choiceRequired' });",
    '',
  ),
  without(
    'T22',
    'the guards of the end',
    inactive,
    'return refusal ? refuse(draft, refusal) : accept(endAsAsked',
    'return accept(endAsAsked',
  ),
  without('T23', 'the model', inactive, "if (session.human.load?.model === 'status_based') return accept(draft);", ''),
  without(
    'T24',
    'the routing',
    inactive,
    back,
    'if (draft) return back;\n  return enqueue(agentLeaves(back, "returned"), "reactivated",',
  ),
  without('T25', 'the owner', inactive, keeps, ''),
  without('T26', 'the end', 'decide/timer-due.ts', "return endBySystem(draft, 'inactive_expired');", 'return draft;'),
  without('X-11', 'the first answer', 'evolve/talk.ts', firstAnswer, 'talk.customerAt === null ? null : at'),
];
