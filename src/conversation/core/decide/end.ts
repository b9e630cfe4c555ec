import { assertNever } from '../../../kernel/index.js';
import type { ExpireEnding, RequestEnd } from '../commands.js';
import type { Decision } from '../decision.js';
import { isLive, type EndReason, type LiveSession } from '../session.js';
import type { EndActor } from '../world.js';
import { linkedTo } from './callers.js';
import { accept, answer, refuse, type Draft } from './draft.js';
import { whyNotEnd } from './end-guards.js';
import { runEnd } from './end-procedure.js';
import { finishEnding } from './ending.js';

/**
 * The end (T27 to T32). A repeated end is answered with the stored one and changes nothing
 * (`docs/rules.md` 2.3 steps 1 and 2).
 */
export function requestEnd(draft: Draft, command: RequestEnd): Decision {
  const { session } = draft.state;
  if (session === null) return refuse(draft, { reason: 'noSession' });
  if (!isLive(session)) return answer(draft, { ok: true, sessionId: session.id, repeated: true });
  const refusal = whyNotEnd(draft, session, command);
  if (refusal) return refuse(draft, refusal);
  return answer(endAsAsked(draft, session, command), { ok: true, sessionId: session.id, repeated: false });
}

export function endAsAsked(draft: Draft, session: LiveSession, command: RequestEnd, tabClosed = false): Draft {
  const actor = endActor(draft, command);
  return runEnd(draft, session, {
    by: command.by,
    actor,
    id: endedById(draft, command),
    via: command.via,
    reason: command.reason ?? usualReason(session, actor),
    closesTab: tabClosed,
  });
}

/** An integration ends as the kind it is linked as; app and account keys end as the system (`docs/rules.md` 2.2a). */
function endActor(draft: Draft, { by, actingFor }: RequestEnd): EndActor {
  switch (by.type) {
    case 'user':
      return 'end_user';
    case 'agent':
      return 'agent';
    case 'integration':
      return linkedTo(draft, by)?.kind ?? 'bot';
    case 'app':
    case 'system':
      return actingFor ?? 'system';
    default:
      return assertNever(by);
  }
}

function endedById(draft: Draft, { by }: RequestEnd): string | null {
  switch (by.type) {
    case 'user':
      return by.userId;
    case 'agent':
      return by.agentId;
    case 'integration':
      return linkedTo(draft, by)?.id ?? null;
    case 'app':
      return by.keyId;
    case 'system':
      return null;
    default:
      return assertNever(by);
  }
}

/** An end user who leaves the queue before anybody came has abandoned it (T14). */
function usualReason(session: LiveSession, actor: EndActor): EndReason {
  if (actor === 'end_user' && session.status === 'WAITING' && session.acceptedAt === null) return 'abandoned_in_queue';
  return reasonOf[actor];
}

const reasonOf: Readonly<Record<EndActor, EndReason>> = {
  end_user: 'end_user_ended',
  agent: 'agent_ended',
  bot: 'bot_completed',
  system: 'automation',
};

/** `endingMax`: a post-end flow that never comes back does not keep the conversation open for ever (T34). */
export function expireEnding(draft: Draft, command: ExpireEnding): Decision {
  const { session } = draft.state;
  if (session?.status !== 'ENDING' || session.id !== command.sessionId) return accept(draft);
  const { deadline } = session.postEnd;
  if (deadline === null || deadline > draft.world.now) return accept(draft);

  const by = { type: 'system' } as const;
  return accept(
    finishEnding(draft, session, { by, metadata: null, reason: null, cause: 'endingExpired', forced: true }),
  );
}
