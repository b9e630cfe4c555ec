import type { Actor } from '../commands.js';
import { holderOf } from '../control.js';
import type { AgentLeft } from '../events.js';
import type { EndFacts, EndReason, EndVia, LiveSession } from '../session.js';
import type { EndActor, SwitchboardIntegration } from '../world.js';
import { holderIn, isWorkspace, switchboardInUse } from './callers.js';
import { happened, type Draft } from './drafting.js';
import { handTo } from './hand-to.js';
import { endMetadata, endSession, releaseAtEnd } from './ending.js';
import { agentLeaves, withdrawOffer } from './queueing.js';

/** Who ends and why; the first to ask is the one recorded. */
export interface End {
  readonly by: Actor;
  readonly actor: EndActor;
  /** The user, agent, switchboard integration or key; `null` for a timer. */
  readonly id: string | null;
  readonly via: EndVia;
  readonly reason: EndReason;
  /** The agent's tab goes with the session: it was closed, or its agent logs out (K-5). */
  readonly closesTab: boolean;
}

/** The end procedure (`docs/rules.md` 2.3, steps 3 to 10), in the stated order. Guards have been asked before. */
export function runEnd(draft: Draft, session: LiveSession, end: End): Draft {
  const target = postEndTarget(draft, end);
  const frozen = freeze(draft, session, end, target === 'skipped');
  const requested = happened(draft, { type: 'sessionEndRequested', sessionId: session.id, end: frozen });
  const alone = agentLeaves(withdrawOffer(requested, 'canceled'), whyLeft(end));
  return target === 'release' || target === 'skipped'
    ? endByRelease(alone, end, session, frozen)
    : handToPostEnd(alone, end, session, frozen, target);
}

function whyLeft({ via, closesTab }: End): AgentLeft {
  if (via === 'logout') return 'agent_logout';
  return closesTab ? 'tab_closed' : 'ended';
}

/** What later requests cannot change: the first actor and reason win (`docs/rules.md` 2.3 steps 2 and 3). */
function freeze(draft: Draft, session: LiveSession, end: End, postEndSkipped: boolean): EndFacts {
  const holder = holderIn(draft);
  return {
    endedBy: { type: end.actor, id: end.id, via: end.via },
    reason: end.reason,
    requestedAt: draft.world.now,
    stateAtEnd: session.status,
    controllerAtEnd: holder?.id ?? null,
    controllerKindAtEnd: holder?.kind ?? null,
    ownerAtEnd: session.human?.owner ?? null,
    postEndSkipped,
  };
}

/** Unknown, disabled, people or already in charge: then control is released instead, and the event says so. */
function postEndTarget(draft: Draft, { actor, reason }: End): 'release' | 'skipped' | SwitchboardIntegration {
  const onEnd = draft.world.settings.onEnd[actor];
  if (onEnd.mode === 'release' || NEVER_ANSWERED.has(reason)) return 'release';
  const target = switchboardInUse(draft)?.integrations.find(({ name }) => name === onEnd.to);
  return target && !isWorkspace(target) && target.id !== holderOf(draft.state.control) ? target : 'skipped';
}

/** Nobody is left to take part in a post-end flow, or nothing works any more. */
const NEVER_ANSWERED: ReadonlySet<EndReason> = new Set(['no_response', 'opted_out', 'error', 'app_deleted']);

/** Nobody needs to be asked: a dead bot keeps no conversation open (E-10). */
function endByRelease(draft: Draft, { by }: End, session: LiveSession, end: EndFacts): Draft {
  const release = { by, metadata: null, reason: null, cause: 'sessionEnd' } as const;
  return endSession(releaseAtEnd(draft, session, end, release), end, null);
}

/** The session stays open until this integration releases or the deadline passes (E-11 to E-13, T34). */
function handToPostEnd(
  draft: Draft,
  { by }: End,
  session: LiveSession,
  end: EndFacts,
  to: SwitchboardIntegration,
): Draft {
  const { now, settings } = draft.world;
  const passed = handTo(draft, to, { by, cause: 'sessionEnd', metadata: endMetadata(session, end) });
  const deadline = settings.endingMaxSeconds === 0 ? null : now + settings.endingMaxSeconds * 1000;
  const postEnd = { integrationId: to.id, startedAt: now, deadline, finishedAt: null, forced: false };
  return happened(passed, { type: 'sessionEnding', sessionId: session.id, end, postEnd });
}
