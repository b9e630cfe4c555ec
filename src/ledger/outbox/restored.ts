import { createHash } from 'node:crypto';
import type { SwitchboardEvent } from '../../../sdk/index.js';
import { isoTime } from '../../platform/clock/index.js';
import { newId } from '../../platform/ids.js';
import type { OutboxMessage } from './writer.js';

interface Restored {
  readonly stream: string;
  readonly generation: number;
  /** When the stream was created, as it says itself. */
  readonly created: string;
  /** The stream holds what it held up to this number. */
  readonly survived: number;
  /** Events that it had lost; they are published again. */
  readonly lost: number;
}

/** `stream.restored`, for consumers that are no kit: among the first that a restored stream holds beyond what survived. */
export function restored({ stream, generation, created, survived, lost }: Restored, at: Date): OutboxMessage {
  const type = 'switchboard.v1.stream.restored';
  const event: SwitchboardEvent<'stream.restored'> = {
    specversion: '1.0',
    id: newId(),
    source: `/streams/${stream}`,
    type,
    subject: stream,
    time: isoTime(at.getTime()),
    datacontenttype: 'application/json',
    data: { schemaVersion: 1, stream, generation, createdAt: created, survivedSeq: survived, republished: lost },
  };
  return {
    eventId: event.id,
    conversationId: lineOf(stream),
    seq: generation,
    subject: `${type}.${stream}.${generation}`,
    body: JSON.stringify(event),
  };
}

/** What a stream says of itself is ordered like what a conversation says, under an id of its own. */
const lineOf = (stream: string): string => createHash('sha256').update(stream).digest('hex').slice(0, 24);
