/**
 * How every event travels: CloudEvents 1.0 in JSON, on the stream `SWITCHBOARD`, under the subject
 * `switchboard.v1.<noun>.<verb>.<appId>.<conversationId>` (of an agent, its id); the `Nats-Msg-Id` header is the event's id.
 */
export const STREAM = 'SWITCHBOARD';

/** Every subject of the stream begins with this. */
export const SUBJECT_PREFIX = 'switchboard.v1';

export interface CloudEvent<Type extends string, Data> {
  readonly specversion: '1.0';
  /** 24 hex characters, the same on every repeat: consumers act once per id. */
  readonly id: string;
  /** `/apps/<appId>`; of the stream itself `/streams/<name>`. */
  readonly source: string;
  /** `switchboard.v1.<noun>.<verb>` */
  readonly type: Type;
  /** Whom it is about: the id of the conversation or agent; the name of the stream. */
  readonly subject: string;
  /** When it happened, by the database's clock: UTC with milliseconds. @format date-time */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Data;
}

/** Where events of one name are published; leave out ids to subscribe to all (`session.ended` of every app). */
export function subjectOf(name: string, appId = '*', conversationId = '*'): string {
  return `${SUBJECT_PREFIX}.${name}.${appId}.${conversationId}`;
}

/** The last two words of an event's subject: the app with its conversation or agent, or the stream with its generation. */
export function addressIn(data: Addressed): readonly [string, string] {
  // An agent's event may name a conversation too.
  if ('agentSeq' in data) return [data.appId, data.agentId];
  if ('conversationId' in data) return [data.appId, data.conversationId];
  return [data.stream, String(data.generation)];
}

type Addressed =
  | { readonly appId: string; readonly conversationId: string }
  | { readonly appId: string; readonly agentId: string; readonly agentSeq: number }
  | { readonly stream: string; readonly generation: number };
