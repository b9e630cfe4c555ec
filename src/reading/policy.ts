import { leads, leadsAll, type TeamsOfSession } from '../conversation/core/index.js';
import type { AgentId, Role } from '../kernel/index.js';

/**
 * Who may read what of end users, decided from facts alone. Keys of the business are asked for no reason; an end user
 * reads what they take part in (`ClientCaller`); this is about agents. `reading.query.ts` says the same of lists, and
 * `test/integration/reading/policy.spec.ts` holds one against the other.
 */
export interface Reader {
  readonly agentId: AgentId;
  readonly role: Role;
  readonly teams: readonly string[];
}

/** What a session says of who may read. */
export interface SessionFacts extends TeamsOfSession {
  /** Who has it or had it. */
  readonly agents: readonly AgentId[];
  /** Who looks on now, and who is asked now. */
  readonly guests: readonly AgentId[];
}

/** Why an agent may read: in the order of asking, so the first that holds is the one that is told. */
export type Reason =
  /** They have a session of it, or had one. */
  | 'agent'
  /** They look on, or are asked whether they take it. */
  | 'guest'
  /** A session of it is of a team of theirs, or they lead the whole app. */
  | 'leader'
  /** It began before a session that they may read, and is of the same end user. */
  | 'earlier';

export interface ConversationFacts {
  readonly sessions: readonly SessionFacts[];
  /** Sessions of its end users that began after it did, in other conversations. */
  readonly later: readonly SessionFacts[];
}

/** `null`: they may not. */
export function whyReadConversation(reader: Reader, { sessions, later }: ConversationFacts): Reason | null {
  const direct = whyReadAnyOf(reader, sessions);
  if (direct !== null || leadsAll(reader)) return direct ?? 'leader';
  return whyReadAnyOf(reader, later) && 'earlier';
}

/** The profile of an end user, by the sessions of all conversations they take part in. */
export const mayReadUser = (reader: Reader, sessions: readonly SessionFacts[]): boolean =>
  leadsAll(reader) || whyReadAnyOf(reader, sessions) !== null;

/** Whose work is rated. */
export interface SurveyFacts {
  readonly agentId: string | null;
  /** Of that agent, of the queue, and the one it was counted for. */
  readonly teams: readonly string[];
}

/** Agents read what was said of their own work, supervisors what was said of their teams. */
export const mayReadSurvey = (reader: Reader, { agentId, teams }: SurveyFacts): boolean =>
  agentId === reader.agentId || leads(reader, { teams, everyTeams: false });

/**
 * The timeline tells who has a session, looks on or is asked. That others read the words is nowhere told but in the
 * audit log.
 */
export const isLogged = (reason: Reason): boolean => reason === 'leader' || reason === 'earlier';

function whyReadAnyOf(reader: Reader, sessions: readonly SessionFacts[]): Exclude<Reason, 'earlier'> | null {
  if (sessions.some(({ agents }) => agents.includes(reader.agentId))) return 'agent';
  if (sessions.some(({ guests }) => guests.includes(reader.agentId))) return 'guest';
  return sessions.some((session) => leads(reader, session)) ? 'leader' : null;
}
