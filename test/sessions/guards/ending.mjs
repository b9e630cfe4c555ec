/** Ends by the end user, the control step of an end, and what is allowed while a session is ending. */
import { watchedBy } from './guard.mjs';

const without = watchedBy('src/conversation/core/life/ending.spec.ts', 'src/conversation/core');
const guards = 'decide/end-guards.ts';
const end = 'decide/end.ts';
const procedure = 'decide/end-procedure.ts';
const ending_ = 'decide/ending.ts';
const control = 'decide/control.ts';
const forbidden = "return refuse(draft, { reason: 'forbidden', action: 'release' });";

export const ending = [
  without(
    'E-1',
    'that it is at any time',
    guards,
    "return status === 'NEW' || status === 'CONSENT' ?",
    "return status !== 'ACTIVE' ?",
  ),
  without('E-2', 'the closed door', ending_, 'return reopens ? ended : closeConversation(ended);', 'return ended;'),
  without(
    'E-5',
    'the capability',
    guards,
    "if (!world.channel.can.endUserEnd) return { reason: 'notOnThisChannel' };",
    '',
  ),
  without(
    'E-8',
    'the release',
    procedure,
    'endSession(releaseAtEnd(draft, session, end, release), end, null)',
    'endSession(draft, end, null)',
  ),
  without(
    'E-9',
    'the release before the end',
    procedure,
    'endSession(releaseAtEnd(draft, session, end, release), end, null)',
    'endSession(draft, end, null)',
  ),
  without(
    'E-10',
    'that nobody is asked',
    procedure,
    "if (onEnd.mode === 'release' || NEVER_ANSWERED.has(reason)) return 'release';",
    "if (onEnd.mode === 'release') return switchboardInUse(draft)!.integrations[2]!;",
  ),
  without(
    'E-11',
    'the hand-over',
    procedure,
    "return target && !isWorkspace(target) && target.id !== holderOf(draft.state.control) ? target : 'skipped';",
    "return 'skipped';",
  ),
  without(
    'E-12',
    'who releases',
    control,
    `if (!actsForAnybody(command.by) && !isHolder(draft, command.by)) {\n    ${forbidden}\n  }`,
    '',
  ),
  without(
    'E-12',
    'who passes on',
    ending_,
    "if (session?.status === 'ENDING') return isHolder(draft, by) ? null : onlyTheHolderWhileEnding;",
    "if (session?.status === 'ENDING') return null;",
  ),
  without(
    'E-13',
    'the first end',
    end,
    'if (!isLive(session)) return answer(',
    "if (!isLive(session) && session.status !== 'ENDING') return answer(",
  ),
  without(
    'E-14',
    'the setting',
    guards,
    "if (!world.settings.endSessionEnabled) return { reason: 'endByUserDisabled' };",
    '',
  ),
  without('E-20', 'the note', ending_, '? happened(draft, {', '? draft ?? happened(draft, {'),
  without(
    'E-20',
    'that it is no message',
    'evolve.ts',
    "case 'endNoteWritten':",
    "case 'endNoteWritten':\n      return { ...state, session: counted(session, 'other'), messageCount: messageCount + 1 };",
  ),
  without('A-2', 'the refusal', 'decide/message.ts', "if (state.lifecycle === 'closedToEndUser') return ended;", ''),
  without(
    'A-2',
    'that an agent is told so',
    'decide/fence.ts',
    "if (by.type === 'agent' && isOver(draft.state.session)) return 'sessionOver';",
    '',
  ),
  without('T29', 'who ended', end, "case 'user':\n      return 'end_user';", "case 'user':\n      return 'system';"),
  without('T33', 'the end', control, "if (session?.status === 'ENDING') return", 'if (!session) return'),
  without('T34', 'the deadline', end, 'if (deadline === null || deadline > draft.world.now) return accept(draft);', ''),
  without('T34', 'force', end, "cause: 'endingExpired', forced: true", "cause: 'endingExpired', forced: false"),
  without('T36', 'the end', 'decide/timer-due.ts', "return endBySystem(draft, 'bot_idle');", 'return draft;'),
  without('T36', 'that it spares humans', 'waits.ts', "if (holder?.kind === 'bot') {", 'if (holder) {'),
  without(
    'T36',
    'the end of a visit',
    'decide/message.ts',
    "return over ? endBySystem(draft, 'token_expired', 'widget') : draft;",
    'return draft;',
  ),
  without('T35', 'the state', 'evolve/session.ts', "end.reason === 'error' ? 'ERROR' : 'ENDED'", "'ENDED'"),
  without('T35', 'that no post-end flow runs', procedure, '|| NEVER_ANSWERED.has(reason)', ''),
  without(
    'E-16',
    'the setting, as it is now',
    guards,
    "if (!world.settings.endSessionEnabled) return { reason: 'endByUserDisabled' };",
    '',
  ),
];
