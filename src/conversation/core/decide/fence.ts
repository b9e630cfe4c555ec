import type { SendMessage } from '../commands.js';
import type { Refusal } from '../decision.js';
import type { SwitchboardIntegration } from '../world.js';
import { holderIn, linkedTo, switchboardInUse } from './callers.js';
import type { Draft } from './draft.js';

export type Fenced =
  | { readonly pass: true; readonly sender: SwitchboardIntegration | null; readonly outOfTurn: boolean }
  | { readonly pass: false; readonly refusal: Refusal };

/**
 * May this business message be stored? A linked integration speaks only while it holds control; being invited is not
 * enough. With an epoch, any key speaks only while that epoch lasts (I3).
 */
export function fence(draft: Draft, command: SendMessage): Fenced {
  const holder = holderIn(draft);
  const { controlEpoch } = draft.state;
  const sender = linkedTo(draft, command.by);
  const enforcement = switchboardInUse(draft)?.enforcement ?? 'off';
  const inTurn = sender === null || !switchboardInUse(draft) || sender.id === holder?.id;

  if (!inTurn && enforcement === 'strict') {
    return { pass: false, refusal: { reason: 'notInControl', holder, controlEpoch } };
  }
  if (command.controlEpoch !== null && command.controlEpoch !== controlEpoch) {
    return { pass: false, refusal: { reason: 'staleControlEpoch', holder, controlEpoch } };
  }
  return { pass: true, sender, outOfTurn: !inTurn };
}
