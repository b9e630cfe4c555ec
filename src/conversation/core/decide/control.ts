import type { PassControl, ReleaseControl, SwitchReason } from '../commands.js';
import { holderOf } from '../control.js';
import type { Decision } from '../decision.js';
import type { SwitchboardIntegration } from '../world.js';
import { actsForAnybody, isHolder, switchboardInUse, switchboardOutOfUse } from './callers.js';
import { accept, failControl, happened, refuse, type Draft } from './draft.js';
import { handTo } from './hand-to.js';
import { finishEnding, isNoGoalWhileEnding, noAgentsWhileEnding, releaseAll, whyControlStays } from './ending.js';
import { isLoop, stopLoop } from './hand-off-loop.js';
import { partingUntil } from './parting.js';
import { targetOf } from './target.js';

/** `docs/wire.md` 10.4 rows 3 to 7. */
export function passControl(asked: Draft, command: PassControl): Decision {
  const switchboard = switchboardInUse(asked);
  if (!switchboard) return failControl(asked, command, 'pass', 'switchboard_invalid_action', switchboardOutOfUse);
  const stays = whyControlStays(asked, command.by);
  if (stays !== null) return failControl(asked, command, 'pass', 'switchboard_invalid_action', stays);

  const { draft, target } = targetOf(asked, command, switchboard);
  if (target.found === null) return failControl(draft, command, 'pass', 'switchboard_invalid_target', target.message);
  return target.found === 'duplicate' ? accept(draft) : passTo(draft, command, target.found);
}

function passTo(draft: Draft, command: PassControl, to: SwitchboardIntegration): Decision {
  const { control } = draft.state;
  if (holderOf(control) === to.id) return accept(draft);
  if (isNoGoalWhileEnding(draft, to)) {
    return failControl(draft, command, 'pass', 'switchboard_invalid_target', noAgentsWhileEnding);
  }
  if (isLoop(draft, command.by, to)) return stopLoop(draft, command, 'pass', to);

  const { by, metadata, reason } = command;
  const parting = isHolder(draft, by) ? partingUntil(draft) : null;
  const passed = handTo(draft, to, { by, cause: 'command', metadata, reason, partingUntil: parting });
  return accept(ticketNote(passed, reason));
}

/** Why the human side let go, for both sides to read (`docs/wire.md` 11). */
function ticketNote(draft: Draft, reason: SwitchReason | null): Draft {
  if (reason === null) return draft;
  const sessionId = draft.state.session?.id ?? null;
  return happened(draft, { type: 'ticketNoteWritten', messageId: draft.world.ids.notice, sessionId, reason });
}

/**
 * `docs/wire.md` 10.4 rows 15 to 17. While ENDING the first release ends the session (T33), also with the switchboard
 * out of use: no setting keeps a conversation open that is over.
 */
export function releaseControl(draft: Draft, command: ReleaseControl): Decision {
  const { session } = draft.state;
  if (!switchboardInUse(draft) && session?.status !== 'ENDING') {
    return failControl(draft, command, 'release', 'switchboard_invalid_action', switchboardOutOfUse);
  }
  if (!actsForAnybody(command.by) && !isHolder(draft, command.by)) {
    return refuse(draft, { reason: 'forbidden', action: 'release' });
  }
  const { by, metadata, reason } = command;
  const release = { by, metadata, reason, cause: 'command', forced: false } as const;
  if (session?.status === 'ENDING') return accept(finishEnding(draft, session, release));
  const released = releaseAll(draft, release);
  return accept(released === draft ? draft : ticketNote(released, reason));
}
