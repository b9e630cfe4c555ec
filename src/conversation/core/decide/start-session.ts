import type { Actor, StartSession } from '../commands.js';
import type { Decision, Refusal } from '../decision.js';
import { isLive } from '../session.js';
import { isHolder, linkedTo, workspaceIn } from './callers.js';
import { assignDefault } from './default-responder.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { endAsAsked } from './end.js';
import { finishEnding } from './ending.js';
import { whyNotWork } from './end-guards.js';
import { isInTurn, isStrict, notInControl } from './fence.js';
import { toWorkspace } from './work.js';

/** The business writes first (T1): it costs the agent nothing until the customer answers (K-9). */
export function startSession(draft: Draft, command: StartSession): Decision {
  const refusal = whyNotStart(draft, command);
  if (refusal) return refuse(draft, refusal);
  const over = giveWay(draft, command.by);
  return accept(begun(heldBy(over, command.by), command));
}

/** The first word is the holder's: the workspace's for an agent, else the default's, who has control as one begins. */
function heldBy(draft: Draft, by: Actor): Draft {
  if (by.type === 'agent') return toWorkspace(draft, by);
  return linkedTo(draft, by) === null ? draft : assignDefault(draft);
}

/** One live session per end user and channel; an inactive one gives way, for it cannot be written into (I-12). */
function whyNotStart(draft: Draft, { by, live }: StartSession): Refusal | null {
  const { session, lifecycle } = draft.state;
  if (lifecycle === 'closedToEndUser') return { reason: 'conversationEnded' };
  if (!draft.world.channel.can.businessStart) return { reason: 'mayNotStart' };
  if (draft.world.channel.optIn === 'explicit' && !draft.state.consented) return { reason: 'noConsent' };
  const givesWay = session?.status === 'INACTIVE';
  if (session && !givesWay && (isLive(session) || session.status === 'ENDING')) return { reason: 'sessionIsLive' };
  if (live > (givesWay ? 1 : 0)) return { reason: 'sessionIsLive' };
  if (by.type === 'integration') return whyNotByIntegration(draft, by, givesWay);
  if (by.type !== 'agent') return null;
  const agent = draft.world.agents.get(by.agentId);
  return whyNotWork(draft, agent) ?? (workspaceIn(draft) ? null : { reason: 'mayNotStart' });
}

/**
 * The fence, by the other door: who may not write may not begin a session to write in it. What an integration does not
 * hold it ends by no door either (T30), so no inactive session gives way to it.
 */
function whyNotByIntegration(draft: Draft, by: Actor, givesWay: boolean): Refusal | null {
  if (givesWay && !isHolder(draft, by)) return notInControl(draft);
  return isStrict(draft) && !isInTurn(heldBy(draft, by), by) ? notInControl(draft) : null;
}

/**
 * Ended by whoever begins the next one. Whoever asks afterwards would ask about the session that begins now: no post-end
 * flow runs.
 */
function giveWay(draft: Draft, by: Actor): Draft {
  if (!isLive(draft.state.session)) return draft;
  const via = by.type === 'agent' ? 'window' : 'automation';
  const end = { type: 'requestEnd', by, via, list: null, reason: null, actingFor: null } as const;
  const over = endAsAsked(draft, draft.state.session, end);
  const { session } = over.state;
  if (session?.status !== 'ENDING') return over;
  return finishEnding(over, session, { by, metadata: null, reason: null, cause: 'sessionEnd', forced: true });
}

function begun(draft: Draft, { by, userId, messageId }: StartSession): Draft {
  const agentId = by.type === 'agent' ? by.agentId : null;
  const sessionId = draft.world.ids.session;
  const started = happened(draft, {
    type: 'sessionStarted',
    sessionId,
    userId,
    origin: agentId === null ? 'triggered_outbound' : 'agent_initiated',
    channelId: draft.state.channelId,
    agentId,
    holderKind: null,
  });
  const owned =
    agentId === null ? started : happened(started, { type: 'agentJoined', sessionId, agentId, role: 'agent' });
  const sender = agentId === null ? linkedTo(draft, by) : workspaceIn(draft);
  return happened(owned, {
    type: 'messageSent',
    messageId,
    by,
    sender: sender?.id ?? null,
    senderKind: sender?.kind ?? null,
    agentId,
    outOfTurn: agentId === null && !isInTurn(draft, by),
    parting: false,
  });
}
