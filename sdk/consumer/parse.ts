import type { JsMsg } from '@nats-io/jetstream';
import { SUBJECT_PREFIX } from '../envelope.js';
import type { EventMatching, EventPattern } from './pattern.js';

/** The event in a message, or `null` when it is none of ours. Unknown fields and names are let through. */
export function eventIn<P extends EventPattern>(message: Pick<JsMsg, 'json'>): EventMatching<P> | null {
  try {
    const event = message.json<Record<string, unknown> | null>();
    return isEvent(event) ? (event as unknown as EventMatching<P>) : null;
  } catch {
    return null;
  }
}

function isEvent(event: Record<string, unknown> | null): boolean {
  const { specversion, id, type, data } = event ?? {};
  return (
    specversion === '1.0' &&
    typeof id === 'string' &&
    typeof type === 'string' &&
    type.startsWith(`${SUBJECT_PREFIX}.`) &&
    typeof data === 'object' &&
    data !== null
  );
}
