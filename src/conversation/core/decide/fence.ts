import type { Actor, SendMessage } from '../commands.js';
import { ownerOf } from '../evolve/human.js';
import type { Refusal } from '../decision.js';
import { isOver } from '../session.js';
import type { SwitchboardIntegration } from '../world.js';
import { holderIn, isBound, isHolder, isWorkspace, speakerOf, switchboardInUse, type Floor } from './callers.js';
import type { Draft } from './draft.js';
import { isParting } from './parting.js';

export type Fenced =
  | {
      readonly pass: true;
      readonly sender: SwitchboardIntegration | null;
      readonly outOfTurn: boolean;
      readonly parting: boolean;
    }
  | { readonly pass: false; readonly refusal: Refusal };

/**
 * May this business message be stored? An integration of the switchboard speaks only while it holds control, or says its
 * parting word; an agent only in a session of their own, in a workspace that holds control; being invited is not enough.
 * With an epoch, any key speaks only while that epoch lasts (I3).
 */
export function fence(draft: Draft, command: SendMessage): Fenced {
  const { controlEpoch } = draft.state;
  const sender = speakerOf(draft, command.by);
  const parked = whyParked(draft, command, sender);
  if (parked) return { pass: false, refusal: { reason: parked } };

  const inTurn = isInTurn(draft, command.by);
  const parting = !inTurn && isParting(draft, sender);
  if (!inTurn && !parting && (command.by.type === 'agent' || isStrict(draft))) {
    return { pass: false, refusal: notInControl(draft, command.by) };
  }
  if (command.controlEpoch !== null && command.controlEpoch !== controlEpoch) {
    return { pass: false, refusal: { reason: 'staleControlEpoch', holder: holderIn(draft), controlEpoch } };
  }
  return { pass: true, sender, outOfTurn: !inTurn && !parting, parting };
}

/** Is it the caller's turn to speak for the business? */
export function isInTurn(draft: Floor, by: Actor): boolean {
  if (by.type === 'agent') return speakerOf(draft, by) !== null && ownerOf(draft.state.session) === by.agentId;
  const switchboard = switchboardInUse(draft);
  if (by.type !== 'integration' || switchboard === null) return true;
  return isBound(draft, by) ? isHolder(draft, by) : switchboard.outsiders === 'allow';
}

/**
 * What stands against an integration that speaks for the end user, or takes away what was said; `null`: nothing. It may
 * where it holds control. Beside that, one that was never on the switchboard may (channels that businesses connect by
 * themselves write as their end users), one of the switchboard may not.
 */
export function whyNotForUser(draft: Floor, by: Actor): Refusal | null {
  return isStrict(draft) && isBound(draft, by) && !isHolder(draft, by) ? notInControl(draft) : null;
}

/** The same of what was said: messages, conversations, and the user with them. */
export function whyNotRemove(draft: Floor, by: Actor): Refusal | null {
  return by.type === 'integration' && isStrict(draft) && !isInTurn(draft, by) ? notInControl(draft) : null;
}

export const isStrict = (draft: Floor): boolean => switchboardInUse(draft)?.enforcement === 'strict';

export function notInControl(draft: Floor, by?: Actor): Refusal {
  const holder = holderIn(draft);
  const because = whyElse(draft, holder, by);
  return {
    reason: 'notInControl',
    holder,
    controlEpoch: draft.state.controlEpoch,
    ...(because !== null && { because }),
  };
}

function whyElse(draft: Floor, holder: SwitchboardIntegration | null, by?: Actor): 'sessionOver' | 'otherAgent' | null {
  if (holder === null) return isOver(draft.state.session) ? 'sessionOver' : null;
  return by?.type === 'agent' && isWorkspace(holder) ? 'otherAgent' : null;
}

/** After the end no agent speaks; in the queue none has come yet; an inactive session is not written into, for its customer is gone (I-12). */
function whyParked(
  draft: Draft,
  { by }: SendMessage,
  sender: SwitchboardIntegration | null,
): 'sessionWaiting' | 'sessionInactive' | 'sessionOver' | null {
  const status = draft.state.session?.status;
  if (by.type === 'agent' && isOver(draft.state.session)) return 'sessionOver';
  if (by.type !== 'agent' && sender?.kind !== 'agent') return null;
  if (status === 'INACTIVE') return 'sessionInactive';
  const ofWorkspace = by.type === 'agent' || (sender !== null && isWorkspace(sender));
  return status === 'WAITING' && ofWorkspace ? 'sessionWaiting' : null;
}
