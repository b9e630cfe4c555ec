import type { AgentProfile } from '../../agents/core/index.js';
import { agentsOf, type Session } from './session.js';
import { queueById, type World } from './world.js';

/** Whose a session is, as far as teams go. */
export interface TeamsOfSession {
  /** Of its queue, and of the agents who have it or had it. */
  readonly teams: readonly string[];
  /** It waits where agents of every team are asked, so it is nobody's in particular yet. */
  readonly everyTeams: boolean;
}

/**
 * Supervisors lead the sessions of their teams, those without a team and admins every session of the app. What is led
 * may be read, assigned, transferred, observed and ended; the permission to end any session gives no right to read.
 */
export const leads = ({ role, teams }: Pick<AgentProfile, 'role' | 'teams'>, session: TeamsOfSession): boolean =>
  leadsAll({ role, teams }) ||
  (role === 'supervisor' && (session.everyTeams || session.teams.some((team) => teams.includes(team))));

/** Every session of the app. */
export const leadsAll = ({ role, teams }: Pick<AgentProfile, 'role' | 'teams'>): boolean =>
  role === 'admin' || (role === 'supervisor' && teams.length === 0);

/** An agent whom the world does not hold adds no team. */
export function teamsOf(session: Session, world: World): TeamsOfSession {
  const ofQueue = queueById(world, session.human?.queueId ?? null)?.teams ?? [];
  const agents = agentsOf(session);
  return {
    teams: [...ofQueue, ...agents.flatMap((agentId) => world.agents.get(agentId)?.profile.teams ?? [])],
    everyTeams: session.status === 'WAITING' && ofQueue.length === 0,
  };
}
