import type { PassControl, ReleaseControl, SwitchReason } from '../commands.js';
import { holderOf, pendingOf } from '../control.js';
import type { Decision } from '../decision.js';
import type { SwitchboardIntegration } from '../world.js';
import { actsForAnybody, isHolder, isWorkspace, switchboardInUse, switchboardOutOfUse } from './callers.js';
import { accept, failControl, happened, refuse, type Draft } from './draft.js';
import { finishEnding, mayMoveWhileEnding, onlyTheHolderWhileEnding, releaseAll } from './ending.js';
import { namedTarget, nextTarget } from './target.js';

/** `sunco.md` 10.4 rows 3 to 7. */
export function passControl(draft: Draft, command: PassControl): Decision {
  const switchboard = switchboardInUse(draft);
  if (!switchboard) return failControl(draft, command, 'pass', 'switchboard_invalid_action', switchboardOutOfUse);
  if (!mayMoveWhileEnding(draft, command.by)) {
    return failControl(draft, command, 'pass', 'switchboard_invalid_action', onlyTheHolderWhileEnding);
  }
  if (command.target === 'next') return passToNext(draft, command);

  const target = namedTarget(switchboard, command.target);
  if (target.found === null) return failControl(draft, command, 'pass', 'switchboard_invalid_target', target.message);
  return target.found === 'duplicate' ? accept(draft) : passTo(draft, command, target.found);
}

function passToNext(undecided: Draft, command: PassControl): Decision {
  const { draft, target } = nextTarget(undecided, command);
  if (target.found === null) return failControl(draft, command, 'pass', 'switchboard_invalid_target', target.message);
  return target.found === 'duplicate' ? accept(draft) : passTo(draft, command, target.found);
}

function passTo(draft: Draft, command: PassControl, to: SwitchboardIntegration): Decision {
  const { control } = draft.state;
  if (holderOf(control) === to.id) return accept(draft);

  const pending = pendingOf(control);
  return accept(
    ticketNote(
      happened(draft, {
        type: 'controlPassed',
        from: holderOf(control),
        to: to.id,
        kind: to.kind,
        queued: isWorkspace(to),
        voided: pending === to.id ? null : pending,
        metadata: command.metadata,
        reason: command.reason,
        cause: 'command',
        by: command.by,
      }),
      command.reason,
    ),
  );
}

/** Why the human side let go, for both sides to read (`sunco.md` 11). */
function ticketNote(draft: Draft, reason: SwitchReason | null): Draft {
  if (reason === null) return draft;
  const sessionId = draft.state.session?.id ?? null;
  return happened(draft, { type: 'ticketNoteWritten', messageId: draft.world.ids.notice, sessionId, reason });
}

/** `sunco.md` 10.4 rows 15 to 17. While ENDING the first release ends the session (T33). */
export function releaseControl(draft: Draft, command: ReleaseControl): Decision {
  if (!switchboardInUse(draft)) {
    return failControl(draft, command, 'release', 'switchboard_invalid_action', switchboardOutOfUse);
  }
  if (!actsForAnybody(command.by) && !isHolder(draft, command.by)) {
    return refuse(draft, { reason: 'forbidden', action: 'release' });
  }
  const { by, metadata, reason } = command;
  const release = { by, metadata, reason, cause: 'command', forced: false } as const;
  const { session } = draft.state;
  if (session?.status === 'ENDING') return accept(finishEnding(draft, session, release));
  const released = releaseAll(draft, release);
  return accept(released === draft ? draft : ticketNote(released, reason));
}
