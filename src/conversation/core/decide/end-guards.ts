import type { Agent } from '../../../agents/core/index.js';
import type { RequestEnd } from '../commands.js';
import type { Refusal } from '../decision.js';
import type { LiveSession } from '../session.js';
import { isHolder, isLedBy, linkedTo, workspaceIn } from './callers.js';
import { layoutOf } from '../world.js';
import type { Draft } from './drafting.js';

/** Who may end, and from where; app keys and the system always may (T31). `null`: nothing stands against it. */
export function whyNotEnd(draft: Draft, session: LiveSession, command: RequestEnd): Refusal | null {
  switch (command.by.type) {
    case 'user':
      return whyNotEndByUser(draft, session);
    case 'integration':
      return whyNotEndByIntegration(draft, command);
    case 'agent':
      return command.list === null
        ? whyNotFromWindow(draft, session, command)
        : whyNotFromList(draft, session, command);
    case 'app':
    case 'system':
      return command.list === null ? null : whyNotInList(draft, session, command);
  }
}

/** E-1, E-5, E-14. */
function whyNotEndByUser({ world }: Draft, { status }: LiveSession): Refusal | null {
  if (!world.settings.endSessionEnabled) return { reason: 'endByUserDisabled' };
  if (!world.channel.can.endUserEnd) return { reason: 'notOnThisChannel' };
  return status === 'NEW' || status === 'CONSENT' ? { reason: 'notBegun' } : null;
}

/** T30, and A-7 for desks that are integrations. */
function whyNotEndByIntegration(draft: Draft, { by }: RequestEnd): Refusal | null {
  if (!isHolder(draft, by)) return { reason: 'notTheHolder' };
  const desk = linkedTo(draft, by)?.kind === 'agent';
  return desk && !draft.world.settings.agentsCanEnd ? { reason: 'agentEndDisabled' } : null;
}

/** The conversation window: an active session that the agent owns (M-2, M-3, M-4, M-6, A-7). */
function whyNotFromWindow(draft: Draft, session: LiveSession, { by }: RequestEnd): Refusal | null {
  const agent = by.type === 'agent' ? draft.world.agents.get(by.agentId) : undefined;
  if (!draft.world.settings.agentsCanEnd || !draft.world.channel.can.agentEnd) return { reason: 'agentEndDisabled' };
  return (
    whyNotWork(draft, agent) ??
    (session.status === 'ACTIVE' ? null : { reason: 'notActive' }) ??
    (ownsOrHad(draft, session, agent) ? null : { reason: 'notOwner' })
  );
}

/** Theirs; or, with the workspace deleted, the last one's who had it, for nobody will ever own it again. */
function ownsOrHad(draft: Draft, { human }: LiveSession, agent: Agent | undefined): boolean {
  if (human === null || agent === undefined) return false;
  return human.owner === agent.id || (workspaceIn(draft) === null && human.lastAgent === agent.id);
}

/** What an agent needs to work with sessions of this channel: chat and messaging ask for different permissions. */
export function whyNotWork({ world }: Draft, agent: Agent | undefined): Refusal | null {
  if (!world.settings.chatEnabled || !agent?.profile.active) return { reason: 'chatNotEnabled' };
  const { permissions } = agent.profile;
  if (!world.channel.can.chat) return permissions.messagingAgent ? null : { reason: 'messagingAgentRequired' };
  if (!permissions.chat || !layoutOf(world, agent).sessionPanel) return { reason: 'chatNotEnabled' };
  return permissions.chatRep ? null : { reason: 'chatRepRequired' };
}

/**
 * A list: ownership is not asked for, a permission of its own is; this is how a supervisor ends (M-5). One who has teams
 * ends in those, for what they may end they may read.
 */
function whyNotFromList(draft: Draft, session: LiveSession, command: RequestEnd): Refusal | null {
  const agent = command.by.type === 'agent' ? draft.world.agents.get(command.by.agentId) : undefined;
  if (!draft.world.settings.agentsCanEnd) return { reason: 'agentEndDisabled' };
  if (!agent?.profile.active || !agent.profile.permissions.endAny) return { reason: 'endAnyRequired' };
  if (agent.profile.role !== 'agent' && !isLedBy(draft, agent.id)) return { reason: 'supervisorRequired' };
  return whyNotInList(draft, session, command);
}

/** What a list cannot do, whoever asks (M-9, M-10, M-13, `docs/rules.md` D1 and D11). */
function whyNotInList({ world }: Draft, session: LiveSession, { list }: RequestEnd): Refusal | null {
  const { can } = world.channel;
  if (list === 'row' && !can.rowEnd) return { reason: 'rowEndStandardOnly' };
  if (list === 'bulk' && !can.bulkEnd) return { reason: 'agentEndDisabled' };
  const model = session.human?.load?.model ?? world.channel.load.model;
  const parked = session.status === 'INACTIVE' && model === 'status_based' && !world.settings.allowEndInactive;
  return parked ? { reason: 'inactiveStatusBased' } : null;
}
