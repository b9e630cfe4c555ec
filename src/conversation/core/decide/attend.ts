import type { ObserveSession, SetTicket } from '../commands.js';
import type { Decision } from '../decision.js';
import { isLive } from '../session.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { mayDirect } from './work.js';

/** A supervisor looks on; control stays where it is. Coming twice is coming once. */
export function observeSession(draft: Draft, { by, agentId, present }: ObserveSession): Decision {
  const { session } = draft.state;
  if (!isLive(session)) return refuse(draft, { reason: 'notActive' });
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

/** A ticket is an external record: ending a session changes none, and its status is what others say (2.2a). */
export function setTicket(draft: Draft, { ticket }: SetTicket): Decision {
  const { session } = draft.state;
  if (session === null) return refuse(draft, { reason: 'noSession' });
  const known = session.human?.ticket;
  if (known?.id === ticket.id && known.status === ticket.status) return accept(draft);
  return accept(happened(draft, { type: 'ticketChanged', sessionId: session.id, ticket }));
}
