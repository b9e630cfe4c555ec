import type {
  IntegrationId,
  MessageId,
  Millis,
  SessionId,
  SwitchboardId,
  SwitchboardIntegrationId,
} from '../../kernel/index.js';

/**
 * What a decision may know beside the conversation: the clock, fresh ids, and the settings that hold at this moment.
 * It is read under the lock, after it, so a decision never rests on a stale configuration.
 */
export interface World {
  /** Database clock, never before the conversation's last event. */
  readonly now: Millis;
  /** Fresh ids this decision may spend; unspent ones are thrown away. */
  readonly ids: { readonly session: SessionId; readonly note: MessageId };
  /** `null`: the app has no switchboard, so nobody can hold control. */
  readonly switchboard: Switchboard | null;
  readonly settings: Settings;
}

/** A switchboard with its switchboard integrations, as `decide` needs it. */
export interface Switchboard {
  readonly id: SwitchboardId;
  /** `false`: set-up mode. Control is kept but not used; control actions fail, the fence is open (`sunco.md` 10.4 row 20). */
  readonly enabled: boolean;
  readonly defaultId: SwitchboardIntegrationId | null;
  readonly enforcement: ControlEnforcement;
  /** Deadline of an offer that names none, in seconds; `null`: it stays until answered. */
  readonly offerExpirySeconds: number | null;
  readonly integrations: readonly SwitchboardIntegration[];
}

/** What happens to a message of a linked integration that does not hold control: refused, marked, or let through. */
export type ControlEnforcement = 'strict' | 'warn' | 'off';

/** How the holder counts: `agent` is a human desk, `bot` everything else (`sessions.md` 2.2a). */
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
}

export type EndActor = 'end_user' | 'agent' | 'bot' | 'system';

/** What the end of a session does with control: release it, or pass it to the switchboard integration of that name. */
export type OnEnd = { readonly mode: 'release' } | { readonly mode: 'pass'; readonly to: string };

/** The settings of an app that decide about conversations. Zendesk's names where Zendesk has one (`sessions.md` 0.3). */
export interface Settings {
  readonly multiConvoEnabled: boolean;
  readonly endSessionEnabled: boolean;
  readonly disableConversationReopen: boolean;
  readonly agentsCanEnd: boolean;
  readonly onEnd: Readonly<Record<EndActor, OnEnd>>;
  /** Longest life of a post-end flow, in seconds; 0: no limit (`sessions.md` 0.3). */
  readonly endingMaxSeconds: number;
}
