/**
 * Typed ids. Every entity id is 24 lower-case hex characters (`docs/wire.md` 1), so it is safe as a NATS subject token,
 * a URL segment and a pagination cursor. Key ids carry a prefix: `app_`, `int_`, `act_`, `agt_`.
 *
 * Ids are made in `platform/ids.ts`; here strings become ids once, by a function that can say no.
 */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type AgentId = Id<'agent'>;
export type AppId = Id<'app'>;
export type ConversationId = Id<'conversation'>;
export type EventId = Id<'event'>;
export type IntegrationId = Id<'integration'>;
export type KeyId = Id<'key'>;
export type MessageId = Id<'message'>;
export type QueueId = Id<'queue'>;
/** A service channel: one place where end users write, with its rules. */
export type ChannelId = Id<'channel'>;
export type SessionId = Id<'session'>;
export type SurveyId = Id<'survey'>;
export type SwitchboardId = Id<'switchboard'>;
/** A switchboard integration: the link of one integration to one switchboard. The holder of control is always one of these. */
export type SwitchboardIntegrationId = Id<'switchboardIntegration'>;
export type UserId = Id<'user'>;
export type WebhookId = Id<'webhook'>;
/** One assignment of a session to one agent. */
export type WorkItemId = Id<'workItem'>;

const ID = /^[0-9a-f]{24}$/;

/** Parses an id taken from a path, a body or a cursor; `null` when it has not the form of one, so it cannot exist. */
export function parseId<T extends string>(value: unknown): T | null {
  return typeof value === 'string' && ID.test(value) ? (value as T) : null;
}

/** How many partitions conversations (else users) are spread over, for lanes and relay alike. */
export const PARTITIONS = 256;

/** The partition of a conversation or user: the last byte of its id, which is random (`platform/ids.ts`). */
export function partitionOf(id: string): number {
  return Number.parseInt(id.slice(-2), 16);
}
