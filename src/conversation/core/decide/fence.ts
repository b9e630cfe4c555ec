import type { SendMessage } from '../commands.js';
import { ownerOf } from '../evolve/human.js';
import type { Refusal } from '../decision.js';
import type { SwitchboardIntegration } from '../world.js';
import { holderIn, isWorkspace, speakerOf, switchboardInUse } from './callers.js';
import type { Draft } from './draft.js';

export type Fenced =
  | { readonly pass: true; readonly sender: SwitchboardIntegration | null; readonly outOfTurn: boolean }
  | { readonly pass: false; readonly refusal: Refusal };

/**
 * May this business message be stored? A linked integration speaks only while it holds control, an agent only in a
 * session of their own; being invited is not enough. With an epoch, any key speaks only while that epoch lasts (I3).
 */
export function fence(draft: Draft, command: SendMessage): Fenced {
  const holder = holderIn(draft);
  const { controlEpoch } = draft.state;
  const sender = speakerOf(draft, command.by);
  const parked = whyParked(draft, command, sender);
  if (parked) return { pass: false, refusal: { reason: parked } };

  const inTurn = isInTurn(draft, command, sender, holder);
  if (!inTurn && (command.by.type === 'agent' || switchboardInUse(draft)?.enforcement === 'strict')) {
    return { pass: false, refusal: { reason: 'notInControl', holder, controlEpoch } };
  }
  if (command.controlEpoch !== null && command.controlEpoch !== controlEpoch) {
    return { pass: false, refusal: { reason: 'staleControlEpoch', holder, controlEpoch } };
  }
  return { pass: true, sender, outOfTurn: !inTurn };
}

function isInTurn(
  draft: Draft,
  { by }: SendMessage,
  sender: SwitchboardIntegration | null,
  holder: SwitchboardIntegration | null,
): boolean {
  if (by.type === 'agent') return ownerOf(draft.state.session) === by.agentId;
  return sender === null || !switchboardInUse(draft) || sender.id === holder?.id;
}

/** In the queue no agent has come yet; an inactive session is not written into, for its customer is gone (I-12). */
function whyParked(
  draft: Draft,
  { by }: SendMessage,
  sender: SwitchboardIntegration | null,
): 'sessionWaiting' | 'sessionInactive' | null {
  const status = draft.state.session?.status;
  if (by.type !== 'agent' && sender?.kind !== 'agent') return null;
  if (status === 'INACTIVE') return 'sessionInactive';
  const ofWorkspace = by.type === 'agent' || (sender !== null && isWorkspace(sender));
  return status === 'WAITING' && ofWorkspace ? 'sessionWaiting' : null;
}
