import type { Actor } from '../commands.js';
import type { Switchboard, SwitchboardIntegration } from '../world.js';
import { byId, holderIn, linkedTo } from './callers.js';
import { assignDefaultUnlessOver } from './default-responder.js';
import type { Draft } from './draft.js';

export type Target =
  | { readonly found: SwitchboardIntegration }
  /** The call repeats one that was done: nothing changes. */
  | { readonly found: 'duplicate' }
  | { readonly found: null; readonly message: string };

/** A switchboard integration by its id, else its name, else its type if only one has it (`docs/wire.md` 10.3). */
export function namedTarget(switchboard: Switchboard, target: string): Target {
  const { integrations } = switchboard;
  const one = integrations.find(({ id }) => id === target) ?? integrations.find(({ name }) => name === target);
  if (one) return { found: one };

  const type = plainType(target);
  const [first, ...others] = integrations.filter(({ integrationType }) => plainType(integrationType) === type);
  if (!first) return { found: null, message: `No switchboard integration has the id, name or type "${target}".` };
  if (others.length > 0)
    return { found: null, message: `More than one switchboard integration has the type "${target}".` };
  return { found: first };
}

/** Callers write `agentWorkspace` and `zd:agentWorkspace`: both are the one thing. */
const plainType = (type: string): string => (type === 'zd:agentWorkspace' ? 'agentWorkspace' : type);

/** Whom a pass or an offer means, on the conversation as the search for them leaves it. */
export interface Aim {
  readonly draft: Draft;
  readonly target: Target;
}

export const targetOf = (
  draft: Draft,
  { by, target }: { readonly by: Actor; readonly target: string },
  switchboard: Switchboard,
): Aim => (target === 'next' ? nextTarget(draft, by) : { draft, target: namedTarget(switchboard, target) });

/**
 * `next` is the holder's next; when nobody holds control the default does first. A linked caller that holds it no longer
 * repeats itself, so that two equal calls do not advance twice; an app key's call is never a repeat
 * (`docs/wire.md` 10.3).
 */
function nextTarget(draft: Draft, by: Actor): Aim {
  const caller = linkedTo(draft, by);
  if (by.type === 'integration' && caller === null) {
    return {
      draft,
      target: { found: null, message: '"next" means nothing to an integration outside the switchboard.' },
    };
  }
  const holder = holderIn(draft);
  if (holder === null) {
    const assigned = assignDefaultUnlessOver(draft);
    return { draft: assigned, target: nextOf(assigned, holderIn(assigned)) };
  }
  if (caller !== null && caller.id !== holder.id) return { draft, target: { found: 'duplicate' } };
  return { draft, target: nextOf(draft, holder) };
}

export function nextOf(draft: Draft, of: SwitchboardIntegration | null): Target {
  const next = byId(draft, of?.nextId ?? null);
  return next ? { found: next } : { found: null, message: 'There is no nextSwitchboardIntegration.' };
}
