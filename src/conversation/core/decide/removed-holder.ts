import { holderOf, pendingOf } from '../control.js';
import type { SwitchboardIntegrationId } from '../../../kernel/index.js';
import { byId } from './callers.js';
import { happened, type Draft } from './draft.js';
import { finishEnding } from './ending.js';

/**
 * Clears a holder or an offer whose switchboard integration was deleted since the last command (`sunco.md` 10.4 rows
 * 19, 21). A post-end flow that lost its holder ends here, for nobody is left to release it.
 */
export function clearRemovedHolder(draft: Draft): Draft {
  const active = vanished(draft, holderOf(draft.state.control));
  const pending = vanished(draft, pendingOf(draft.state.control));
  if (active === null && pending === null) return draft;

  const cleared = happened(draft, { type: 'holderRemoved', active, pending });
  const { session } = cleared.state;
  if (active === null || session?.status !== 'ENDING') return cleared;
  return finishEnding(cleared, session, {
    by: { type: 'system' },
    cause: 'sessionEnd',
    metadata: null,
    reason: null,
    forced: true,
  });
}

const vanished = (draft: Draft, id: SwitchboardIntegrationId | null): SwitchboardIntegrationId | null =>
  id !== null && byId(draft, id) === null ? id : null;
