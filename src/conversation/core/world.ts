import type { Agent } from '../../agents/core/index.js';
import type {
  AgentId,
  IntegrationId,
  MessageId,
  Millis,
  QueueId,
  SessionId,
  SwitchboardId,
  SwitchboardIntegrationId,
  WorkItemId,
} from '../../kernel/index.js';
import type { Channel } from './channel.js';
import type { Queue } from './queue.js';

/**
 * What a decision may know beside the conversation: the clock, fresh ids, and the settings that hold at this moment.
 * It is read under the lock, after it, so a decision never rests on a stale configuration.
 */
export interface World {
  /** Database clock, never before the conversation's last event. */
  readonly now: Millis;
  /** Fresh ids this decision may spend; unspent ones are thrown away. */
  readonly ids: {
    readonly session: SessionId;
    readonly note: MessageId;
    /** For a second message of the platform in the same decision. */
    readonly notice: MessageId;
    readonly workItem: WorkItemId;
  };
  /** `null`: the app has no switchboard, so nobody can hold control. */
  readonly switchboard: Switchboard | null;
  readonly settings: Settings;
  /** The service channel of this conversation. */
  readonly channel: Channel;
  readonly queues: readonly Queue[];
  /** Agents this decision may concern, as locked: the owner, the one with an offer, those the command names. */
  readonly agents: ReadonlyMap<AgentId, Agent>;
}

/** A switchboard with its switchboard integrations, as `decide` needs it. */
export interface Switchboard {
  readonly id: SwitchboardId;
  /**
   * `false`: set-up mode. Control is kept but not used; control actions fail, the fence is open (`docs/wire.md` 10.4
   * row 20).
   */
  readonly enabled: boolean;
  readonly defaultId: SwitchboardIntegrationId | null;
  readonly enforcement: ControlEnforcement;
  /** Deadline of an offer that names none, in seconds; `null`: it stays until answered. */
  readonly offerExpirySeconds: number | null;
  /** What the end user is told when control fails over; `null`: nothing. */
  readonly failOverNote: string | null;
  /** How long whoever gave control away by itself may still speak, in seconds; 0: not at all. */
  readonly partingSeconds: number;
  /** What a message of an integration that was never on the switchboard meets. */
  readonly outsiders: 'allow' | 'refuse';
  /** After so many hand-offs by integrations without a message between them the next one is stopped; 0: never. */
  readonly handOffLimit: number;
  readonly integrations: readonly SwitchboardIntegration[];
  /** Integrations that were on the app's switchboard once: the fence binds them as those that are. */
  readonly former: readonly IntegrationId[];
}

/** What happens to a message of a linked integration that does not hold control: refused, or let through and marked. */
export type ControlEnforcement = 'strict' | 'warn' | 'off';

/** How the holder counts: `agent` is a human desk, `bot` everything else (`docs/rules.md` 2.2a). */
export type ControllerKind = 'bot' | 'agent';

export interface SwitchboardIntegration {
  readonly id: SwitchboardIntegrationId;
  readonly name: string;
  readonly integrationId: IntegrationId;
  /** `custom`, an OAuth client id, or a vendor type such as `zd:agentWorkspace`. */
  readonly integrationType: string;
  readonly kind: ControllerKind;
  readonly deliverStandbyEvents: boolean;
  readonly nextId: SwitchboardIntegrationId | null;
  readonly deadlines: HolderDeadlines;
}

/** How long a holder may fail its end user before control goes on without it (R14). */
export interface HolderDeadlines {
  /** For taking what it is sent, in seconds; `null`: for ever. */
  readonly holderSeconds: number | null;
  /** For producing an answer, in seconds; `null`: for ever. */
  readonly replySeconds: number | null;
  /** Slow is not dead: being late with an answer is only announced, unless the switchboard says otherwise. */
  readonly replyAction: 'warn' | 'failOver';
}

export type EndActor = 'end_user' | 'agent' | 'bot' | 'system';

/** What the end of a session does with control: release it, or pass it to the switchboard integration of that name. */
export type OnEnd = { readonly mode: 'release' } | { readonly mode: 'pass'; readonly to: string };

/** The settings of an app that decide about conversations; Zendesk's names where it has one (`docs/rules.md` 0.3). */
export interface Settings {
  readonly multiConvoEnabled: boolean;
  readonly endSessionEnabled: boolean;
  readonly disableConversationReopen: boolean;
  /** How long after an end a message joins the old conversation, in seconds; `null`: for ever (`docs/rules.md` 5.4). */
  readonly reopenWithinSeconds: number | null;
  readonly agentsCanEnd: boolean;
  /** Agents work with sessions at all (L-2). */
  readonly chatEnabled: boolean;
  readonly agentLayout: AgentLayout;
  readonly onEnd: Readonly<Record<EndActor, OnEnd>>;
  /** Longest life of a post-end flow, in seconds; 0: no limit (`docs/rules.md` 0.3). */
  readonly endingMaxSeconds: number;
  /** The note that tells both sides of an end (`docs/rules.md` D5). */
  readonly endNoteToEndUser: boolean;
  readonly inactiveEndSeconds: number;
  /** Inactive sessions of status-based channels may be ended by hand (`docs/rules.md` D11). */
  readonly allowEndInactive: boolean;
  /** Longest silence of the customer towards a bot, in seconds; `null`: no limit. */
  readonly botIdleSeconds: number | null;
  /** How long an end user's visit lasts after their last message; then the next call begins anew (T36). `null`: for ever. */
  readonly endUserTokenSeconds: number | null;
  readonly idle: Readonly<Record<'customer' | 'agent', IdleRule>>;
  /** At most three, in the customer's silence; each counts from the one before (`docs/rules.md` 2.4). */
  readonly reminders: readonly Reminder[];
  readonly logoutEndsSessions: 'always' | 'tab_based_only' | 'never';
}

/** What the workspaces of agents show, but for agents of whom something else is said. */
export interface AgentLayout {
  /** The session panel, without which nobody works with chats (L-2). */
  readonly sessionPanel: boolean;
  /** No Customer Inactive (I-5). */
  readonly hideCustomerInactive: boolean;
}

/** What the workspace of one agent shows. */
export const layoutOf = ({ settings: { agentLayout } }: World, { profile }: Agent): AgentLayout => ({
  sessionPanel: profile.sessionPanel ?? agentLayout.sessionPanel,
  hideCustomerInactive: profile.hideCustomerInactive ?? agentLayout.hideCustomerInactive,
});

/** What the silence of one side does, counted while a human handles the session (`docs/rules.md` 5.2, 5.3). */
export interface IdleRule {
  /** `null`: no warning. */
  readonly warnSeconds: number | null;
  /** `null`: nothing is done. */
  readonly actSeconds: number | null;
  readonly action: IdleAction;
}

export type IdleAction =
  | { readonly do: 'end' }
  | { readonly do: 'inactivate' }
  /** Back to the queue. */
  | { readonly do: 'reroute' }
  /** Control goes to the switchboard integration of that name. */
  | { readonly do: 'bot'; readonly name: string };

export interface Reminder {
  readonly afterSeconds: number;
  readonly text: string;
  readonly ticketStatus: 'pending' | 'solved' | null;
  /** Ends the session instead of only saying so. */
  readonly ends: boolean;
}

export const queueById = (world: World, id: QueueId | null): Queue | null =>
  world.queues.find((queue) => queue.id === id) ?? null;
