import { holderOf } from '../control.js';
import { byId, isWorkspace, switchboardInUse } from './callers.js';
import { happened, type Draft } from './drafting.js';

/** Gives unheld control to the default responder, if the switchboard has one (`docs/wire.md` 10.2). */
export function assignDefault(draft: Draft): Draft {
  const responder = byId(draft, switchboardInUse(draft)?.defaultId ?? null);
  if (responder === null || holderOf(draft.state.control) !== null) return draft;
  return happened(draft, {
    type: 'controlAssigned',
    to: responder.id,
    kind: responder.kind,
    queued: isWorkspace(responder),
  });
}

/** The same, but after an end nobody is assigned until a new session starts (`docs/rules.md` 2.2a). */
export function assignDefaultUnlessOver(draft: Draft): Draft {
  const status = draft.state.session?.status;
  return status === 'ENDED' || status === 'ERROR' ? draft : assignDefault(draft);
}
