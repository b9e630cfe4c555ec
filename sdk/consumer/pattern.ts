import { subjectOf } from '../envelope.js';
import type { EventName, SwitchboardEvent } from '../events.js';

type Noun = EventName extends `${infer N}.${string}` ? N : never;

/** One event (`session.ended`), all of a noun (`control.*`), or everything. One pattern per consumer: nats-server 2.9. */
export type EventPattern = EventName | `${Noun}.*` | '*';

type NamesOf<P extends EventPattern> = P extends '*'
  ? EventName
  : P extends `${infer N}.*`
    ? Extract<EventName, `${N}.${string}`>
    : Extract<P, EventName>;

export type EventMatching<P extends EventPattern> = SwitchboardEvent<NamesOf<P>>;

export const subjectOfPattern = (pattern: EventPattern, appId?: string): string =>
  subjectOf(pattern === '*' ? '*.*' : pattern, appId);
