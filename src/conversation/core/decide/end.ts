import { assertNever } from '../../../kernel/index.js';
import type { ExpireEnding, RequestEnd } from '../commands.js';
import { holderOf, pendingOf } from '../control.js';
import type { Decision, Refusal } from '../decision.js';
import type { ActiveSession, EndFacts, EndReason } from '../session.js';
import type { EndActor, SwitchboardIntegration } from '../world.js';
import { holderIn, isHolder, linkedTo, switchboardInUse } from './callers.js';
import { accept, answer, happened, refuse, type Draft } from './draft.js';
import { endSession, finishEnding, releaseAll } from './ending.js';

/** The end procedure (`sessions.md` 2.3). A repeated end is answered with the stored one and changes nothing. */
export function requestEnd(draft: Draft, command: RequestEnd): Decision {
  const { session } = draft.state;
  if (session === null) return refuse(draft, { reason: 'noSession' });
  if (session.status !== 'ACTIVE') return answer(draft, { ok: true, sessionId: session.id, repeated: true });
  const refusal = whyNotEnd(draft, command);
  if (refusal) return refuse(draft, refusal);

  const target = postEndTarget(draft, command);
  const end = freeze(draft, command, target === 'skipped');
  const requested = happened(draft, { type: 'sessionEndRequested', sessionId: session.id, end });
  const done =
    target === 'release' || target === 'skipped'
      ? endByRelease(requested, command, end)
      : handToPostEnd(requested, command, session, end, target);
  return answer(done, { ok: true, sessionId: session.id, repeated: false });
}

/** Who may end: E-14 for end users, T30 for integrations, A-7 for desks; app keys and the system always. */
function whyNotEnd(draft: Draft, { by }: RequestEnd): Refusal | null {
  const { settings } = draft.world;
  if (by.type === 'user') return settings.endSessionEnabled ? null : { reason: 'endByUserDisabled' };
  if (by.type !== 'integration') return null;
  if (!isHolder(draft, by)) return { reason: 'notTheHolder' };
  return linkedTo(draft, by)?.kind === 'agent' && !settings.agentsCanEnd ? { reason: 'agentEndDisabled' } : null;
}

/** An integration ends as the kind it is linked as; app and account keys end as the system (`sessions.md` 2.2a). */
function endActor(draft: Draft, { by }: RequestEnd): EndActor {
  switch (by.type) {
    case 'user':
      return 'end_user';
    case 'integration':
      return linkedTo(draft, by)?.kind ?? 'bot';
    case 'app':
    case 'system':
      return 'system';
    default:
      return assertNever(by);
  }
}

function endedById(draft: Draft, { by }: RequestEnd): string | null {
  switch (by.type) {
    case 'user':
      return by.userId;
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

const reasonOf: Readonly<Record<EndActor, EndReason>> = {
  end_user: 'end_user_ended',
  agent: 'agent_ended',
  bot: 'bot_completed',
  system: 'automation',
};

/** What later requests cannot change: the first actor and reason win (`sessions.md` 2.3 steps 2 and 3). */
function freeze(draft: Draft, command: RequestEnd, postEndSkipped: boolean): EndFacts {
  const type = endActor(draft, command);
  const holder = holderIn(draft);
  return {
    endedBy: { type, id: endedById(draft, command), via: command.via },
    reason: command.reason ?? reasonOf[type],
    requestedAt: draft.world.now,
    controllerAtEnd: holder?.id ?? null,
    controllerKindAtEnd: holder?.kind ?? null,
    postEndSkipped,
  };
}

/** Unknown, disabled or already in charge: then control is released instead, and the event says so. */
function postEndTarget(draft: Draft, command: RequestEnd): 'release' | 'skipped' | SwitchboardIntegration {
  const onEnd = draft.world.settings.onEnd[endActor(draft, command)];
  if (onEnd.mode === 'release') return 'release';
  const target = switchboardInUse(draft)?.integrations.find(({ name }) => name === onEnd.to);
  return target && target.id !== holderOf(draft.state.control) ? target : 'skipped';
}

/** Nobody needs to be asked: a dead bot keeps no conversation open (E-10). */
function endByRelease(draft: Draft, { by }: RequestEnd, end: EndFacts): Draft {
  return endSession(releaseAll(draft, { by, metadata: null, reason: null, cause: 'sessionEnd' }), end, null);
}

/** The session stays open until this integration releases or the deadline passes (E-11 to E-13, T34). */
function handToPostEnd(
  draft: Draft,
  { by }: RequestEnd,
  session: ActiveSession,
  end: EndFacts,
  to: SwitchboardIntegration,
): Draft {
  const { now, settings } = draft.world;
  const pending = pendingOf(draft.state.control);
  const passed = happened(draft, {
    type: 'controlPassed',
    from: holderOf(draft.state.control),
    to: to.id,
    kind: to.kind,
    voided: pending === to.id ? null : pending,
    metadata: { sessionId: session.id, endedBy: end.endedBy.type, endReason: end.reason },
    reason: null,
    cause: 'sessionEnd',
    by,
  });
  const deadline = settings.endingMaxSeconds === 0 ? null : now + settings.endingMaxSeconds * 1000;
  const postEnd = { integrationId: to.id, startedAt: now, deadline, finishedAt: null, forced: false };
  return happened(passed, { type: 'sessionEnding', sessionId: session.id, end, postEnd });
}

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
