import type { Actor, ObserveSession, SetTicket } from '../commands.js';
import type { Decision } from '../decision.js';
import { isLive, type Session } from '../session.js';
import { actsForAnybody, isLedBy } from './callers.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { mayDirect } from './work.js';

/** A supervisor looks on; control stays where it is. Coming twice is coming once. */
export function observeSession(draft: Draft, { by, agentId, present }: ObserveSession): Decision {
  const { session } = draft.state;
  if (!isLive(session)) return refuse(draft, { reason: 'notLive' });
  if (!mayDirect(draft, by)) return refuse(draft, { reason: 'supervisorRequired' });
  const there = session.human?.participants.some(
    (one) => one.agentId === agentId && one.role === 'supervisor' && one.leftAt === null,
  );
  if ((there ?? false) === present) return accept(draft);
  const who = { sessionId: session.id, agentId, role: 'supervisor' } as const;
  return accept(
    happened(draft, present ? { type: 'agentJoined', ...who } : { type: 'agentLeft', ...who, why: 'returned' }),
  );
}

/**
 * A ticket is an external record: ending a session changes none, and its status is what others say
 * (`docs/rules.md` 2.2a). Solved, it sends a survey and frees room, so it is for those whose session it is.
 */
export function setTicket(draft: Draft, { by, ticket }: SetTicket): Decision {
  const { session } = draft.state;
  if (session === null) return refuse(draft, { reason: 'noSession' });
  if (!mayAttend(draft, session, by)) return refuse(draft, { reason: 'notOwner' });
  const known = session.human?.ticket;
  if (known?.id === ticket.id && known.status === ticket.status) return accept(draft);
  return accept(happened(draft, { type: 'ticketChanged', sessionId: session.id, ticket }));
}

/** Agents who have it or had it, for their tab may be open still, and whoever leads it. */
function mayAttend(draft: Draft, { human }: Session, by: Actor): boolean {
  if (by.type !== 'agent') return actsForAnybody(by);
  const { agentId } = by;
  const took = human?.participants.some((one) => one.agentId === agentId && one.role === 'agent') ?? false;
  return took || isLedBy(draft, agentId);
}
