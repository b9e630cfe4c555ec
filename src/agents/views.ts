import type { IsoTime } from '../kernel/index.js';
import { isoTime } from '../platform/clock/index.js';
import {
  capacityOf,
  type Agent,
  type Capacity,
  type Permissions,
  type PresenceStatus,
  type OngoingWork,
} from './core/index.js';

/** What a list knows of an agent beside the aggregate. */
export interface KnownAgent {
  readonly agent: Agent;
  readonly externalId: string | null;
  readonly createdAt: IsoTime;
}

export interface AgentView {
  readonly id: string;
  readonly externalId: string | null;
  readonly displayName: string;
  readonly role: string;
  readonly active: boolean;
  readonly teams: readonly string[];
  readonly skills: readonly string[];
  readonly permissions: Permissions;
  readonly limits: Agent['profile']['limits'];
  readonly sessionPanel: boolean | null;
  readonly hideCustomerInactive: boolean | null;
  readonly presence: PresenceView;
  readonly capacity: Capacity;
  readonly createdAt: IsoTime;
}

export interface PresenceView {
  readonly status: PresenceStatus;
  readonly loggedIn: boolean;
  readonly since: IsoTime;
  readonly graceUntil: IsoTime | null;
}

export function agentView({ agent, externalId, createdAt }: KnownAgent): AgentView {
  const { id, profile } = agent;
  return { id, externalId, ...profile, presence: presenceView(agent), capacity: capacityOf(agent), createdAt };
}

export function presenceView({ presence: { status, loggedIn, since, graceUntil } }: Agent): PresenceView {
  return { status, loggedIn, since: isoTime(since), graceUntil: graceUntil === null ? null : isoTime(graceUntil) };
}

/** An ongoing session as a logout names it, and what will become of it. */
export const ongoingView = ({ id, sessionId, conversationId, load, becomes }: OngoingWork) => ({
  workItemId: id,
  sessionId,
  conversationId,
  capacityModel: load.model,
  becomes,
});
