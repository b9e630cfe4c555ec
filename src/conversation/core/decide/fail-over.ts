import type { Metadata } from '../../../kernel/index.js';
import type { FailOver, FailOffer, FailureCause } from '../commands.js';
import { holderOf } from '../control.js';
import type { Decision } from '../decision.js';
import { isLive } from '../session.js';
import { hasRoom } from '../open.js';
import type { SwitchboardIntegration } from '../world.js';
import { byId, holderIn, switchboardInUse, workspaceIn } from './callers.js';
import { accept, happened, type Draft } from './draft.js';
import { handTo } from './hand-to.js';
import { finishEnding, releaseAll } from './ending.js';
import { offerNext } from './offer-chain.js';

const system = { type: 'system' } as const;

/**
 * The holder could not be reached for as long as its deadline allows: control goes on without it (R14). A no-op once
 * control has moved, even if it came back to the same holder since, and where the deadline was taken away.
 */
export function failOver(draft: Draft, { holder: id, why, controlEpoch }: FailOver): Decision {
  const holder = holderIn(draft);
  if (!switchboardInUse(draft) || holder === null || holder.deadlines.holderSeconds === null) return accept(draft);
  if (holder.id !== id || draft.state.controlEpoch !== controlEpoch) return accept(draft);
  return accept(withoutHolder(draft, holder, why));
}

/**
 * Passes control along the `next` of the dead one, then to the default, then to the human side, whoever of them was not
 * found dead on the way; with nobody left it is released. A post-end flow ends here, as at its deadline (T34).
 */
export function withoutHolder(draft: Draft, holder: SwitchboardIntegration, why: FailureCause): Draft {
  const told = isTold(draft) ? draft.world.ids.notice : null;
  const failed = happened(draft, { type: 'holderFailed', holder: holder.id, role: 'active', why, messageId: told });
  const metadata: Metadata = { failed: holder.name, why };
  const release = { by: system, metadata, reason: null, cause: 'holderDead' } as const;
  const { session } = failed.state;
  if (session?.status === 'ENDING') return finishEnding(failed, session, { ...release, forced: true });

  const to = successor(failed, holder);
  if (to === null) return releaseAll(failed, release);
  return handTo(failed, to, { by: system, cause: 'holderDead', metadata });
}

/** Once in a fail-over, however many turn out to be dead, and only somebody who waits. */
function isTold({ state, world }: Draft): boolean {
  const note = world.switchboard?.failOverNote ?? null;
  if (note === null || state.lifecycle !== 'open') return false;
  return isLive(state.session) && state.answering.dead.length === 0 && hasRoom(state);
}

function successor(draft: Draft, dead: SwitchboardIntegration): SwitchboardIntegration | null {
  const line = [...nextsOf(draft, dead), byId(draft, draft.world.switchboard?.defaultId ?? null), workspaceIn(draft)];
  const isAlive = ({ id }: SwitchboardIntegration) => !draft.state.answering.dead.includes(id);
  return line.find((one) => one !== null && isAlive(one)) ?? null;
}

/** Its next, the next of that, and so on; a circle is walked once. */
function nextsOf(draft: Draft, from: SwitchboardIntegration): readonly SwitchboardIntegration[] {
  const line: SwitchboardIntegration[] = [];
  for (let one = byId(draft, from.nextId); one && !line.includes(one); one = byId(draft, one.nextId)) line.push(one);
  return line;
}

/** Whoever was invited cannot be reached either; the invitation goes to the next in its chain. */
export function failOffer(draft: Draft, { pending, offerSeq }: FailOffer): Decision {
  const { control } = draft.state;
  if (control.status !== 'pending' || control.offer.seq !== offerSeq || control.offer.to !== pending) {
    return accept(draft);
  }
  const { offer } = control;
  if (offer.fallback === null || holderOf(control) === pending) return accept(draft);
  const why = 'undeliverable';
  const failed = happened(draft, { type: 'holderFailed', holder: pending, role: 'pending', why, messageId: null });
  return accept(offerNext(failed, offer, 'dead'));
}
