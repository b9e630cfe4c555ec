import type { AgentId, SwitchboardIntegrationId } from '../../../kernel/index.js';
import type { Actor } from '../commands.js';
import { holderOf } from '../control.js';
import { leads, teamsOf } from '../leading.js';
import type { ConversationState } from '../state.js';
import type { Switchboard, SwitchboardIntegration, World } from '../world.js';
import type { Draft } from './drafting.js';

/** What the questions of this file are asked of: who holds control, on which switchboard. A draft has it. */
export interface Floor {
  readonly state: Pick<ConversationState, 'control' | 'controlEpoch' | 'session'>;
  readonly world: Pick<World, 'switchboard'>;
}

/** The switchboard integration an integration's key speaks for; `null` for everybody else. */
export function linkedTo(draft: Floor, by: Actor): SwitchboardIntegration | null {
  if (by.type !== 'integration') return null;
  return draft.world.switchboard?.integrations.find((one) => one.integrationId === by.integrationId) ?? null;
}

/** An agent speaks through the agent workspace that holds control. */
export function speakerOf(draft: Floor, by: Actor): SwitchboardIntegration | null {
  return by.type === 'agent' ? workspaceOf(draft, holderOf(draft.state.control)) : linkedTo(draft, by);
}

/** The human side of our own: what is passed or offered to it waits in a queue for an agent. */
export const isWorkspace = ({ integrationType }: SwitchboardIntegration): boolean =>
  integrationType === 'agentWorkspace' || integrationType === 'zd:agentWorkspace';

/** The workspace with this id; `null` when it is none, or something else. */
export function workspaceOf(draft: Floor, id: SwitchboardIntegrationId | null): SwitchboardIntegration | null {
  const found = byId(draft, id);
  return found && isWorkspace(found) ? found : null;
}

/** The app's agent workspace, whoever holds control. */
export const workspaceIn = (draft: Floor): SwitchboardIntegration | null =>
  switchboardInUse(draft)?.integrations.find(isWorkspace) ?? null;

export function byId(draft: Floor, id: SwitchboardIntegrationId | null): SwitchboardIntegration | null {
  return draft.world.switchboard?.integrations.find((one) => one.id === id) ?? null;
}

export const holderIn = (draft: Floor): SwitchboardIntegration | null => byId(draft, holderOf(draft.state.control));

/** Is this the key of the integration that holds control? */
export function isHolder(draft: Floor, by: Actor): boolean {
  const caller = linkedTo(draft, by);
  return caller !== null && caller.id === holderOf(draft.state.control);
}

/** Is this the key of an integration that is, or ever was, on the app's switchboard? The fence binds those. */
export const isBound = (draft: Floor, by: Actor): boolean =>
  by.type === 'integration' &&
  (linkedTo(draft, by) !== null || (draft.world.switchboard?.former ?? []).includes(by.integrationId));

/** App and account keys and the system act for anybody; an integration acts for itself. */
export const actsForAnybody = (by: Actor): boolean => by.type === 'app' || by.type === 'system';

/** A supervisor of a team of the session, or an admin. */
export function isLedBy({ state: { session }, world }: Draft, agentId: AgentId): boolean {
  const profile = world.agents.get(agentId)?.profile;
  return session !== null && profile !== undefined && leads(profile, teamsOf(session, world));
}

/** The switchboard; `null`: absent or in set-up mode, control is out of use (`docs/wire.md` 10.4 rows 20, 21). */
export function switchboardInUse(draft: Floor): Switchboard | null {
  const { switchboard } = draft.world;
  return switchboard?.enabled ? switchboard : null;
}

export const switchboardOutOfUse = 'The switchboard is disabled or does not exist.';
