import type { StartSession } from '../commands.js';
import type { Decision, Refusal } from '../decision.js';
import { isLive } from '../session.js';
import { workspaceIn } from './callers.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { endBySystem } from './end-by-system.js';
import { finishEnding } from './ending.js';
import { whyNotWork } from './end-guards.js';
import { toWorkspace } from './work.js';

/** The business writes first (T1): it costs the agent nothing until the customer answers (K-9). */
export function startSession(draft: Draft, command: StartSession): Decision {
  const refusal = whyNotStart(draft, command);
  if (refusal) return refuse(draft, refusal);
  const over = giveWay(draft);
  return accept(begun(command.by.type === 'agent' ? toWorkspace(over, command.by) : over, command));
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
  if (by.type !== 'agent') return null;
  const agent = draft.world.agents.get(by.agentId);
  return whyNotWork(draft, agent) ?? (workspaceIn(draft) ? null : { reason: 'mayNotStart' });
}

/** Whoever asks afterwards would ask about the session that begins now: no post-end flow runs. */
function giveWay(draft: Draft): Draft {
  const over = endBySystem(draft, 'automation', 'automation');
  const { session } = over.state;
  if (session?.status !== 'ENDING') return over;
  const by = { type: 'system' } as const;
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
  const sender = agentId === null ? null : workspaceIn(draft);
  return happened(owned, {
    type: 'messageSent',
    messageId,
    by,
    sender: sender?.id ?? null,
    senderKind: sender?.kind ?? null,
    agentId,
    outOfTurn: false,
  });
}
