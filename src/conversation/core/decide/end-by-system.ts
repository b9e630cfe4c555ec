import { isLive, type EndReason, type EndVia } from '../session.js';
import type { Draft } from './drafting.js';
import { runEnd } from './end-procedure.js';

/** A timer's end, or one of the platform's own; nothing happens to a session that is ending or over. */
export function endBySystem(draft: Draft, reason: EndReason, via: EndVia = 'timer'): Draft {
  const { session } = draft.state;
  if (!isLive(session)) return draft;
  return runEnd(draft, session, { by: { type: 'system' }, actor: 'system', id: null, via, reason, closesTab: false });
}
