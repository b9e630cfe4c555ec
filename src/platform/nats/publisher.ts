import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  jetstreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { headers, nanos, type NatsConnection } from '@nats-io/transport-node';
import { map, type Observable } from 'rxjs';
import { generationIn, generationText, type Generation } from '../../../sdk/index.js';
import { Acknowledgements, type Stored } from './acknowledgements.js';

/** The one stream of the house. Names and limits are documented in `docs/adr/0011-outbox-relay.md`. */
export const STREAM = 'SWITCHBOARD';

const HOUR_MS = 3_600_000;
const STREAM_NOT_FOUND = 10059;
const TIMEOUT_MS = 5_000;
const MESSAGE_ID = 'Nats-Msg-Id';
const EXPECTED_LAST_ID = 'Nats-Expected-Last-Msg-Id';

/** Only what nats-server 2.9 knows. Old messages go first; consumers that fall behind by more replay from the outbox. */
const CONFIG: Partial<StreamConfig> & { name: string } = {
  name: STREAM,
  subjects: ['switchboard.v1.>'],
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_age: nanos(48 * HOUR_MS),
  max_bytes: 4 * 1024 ** 3,
  max_msg_size: 256 * 1024,
  // At least the longest outage of a relay between a publish and its mark; consumers de-duplicate by id behind it.
  duplicate_window: nanos(15 * 60_000),
};

/** What the stream is now: a new creation time or a lower last sequence means that it went back. */
export interface StreamState {
  readonly created: string;
  readonly lastSeq: number;
  /** As its description says: raised each time what the stream had lost was published again. `null`: not said yet. */
  readonly generation: number | null;
}

/** Publishes to the stream over one connection and waits for the stream's own acknowledgement. */
export class StreamPublisher {
  constructor(
    private readonly connection: NatsConnection,
    private readonly acknowledgements: Acknowledgements,
  ) {}

  /** Makes the stream when it is missing, brings an older one to our settings, and tells how it stands. */
  async ensure(): Promise<StreamState> {
    const { streams } = await jetstreamManager(this.connection, { checkAPI: false, timeout: TIMEOUT_MS });
    const known = await streams.info(STREAM).catch((error: unknown) => {
      if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return null;
      throw error;
    });
    const info =
      known === null ? await streams.add(CONFIG) : agrees(known.config) ? known : await streams.update(STREAM, CONFIG);
    return {
      created: info.created,
      lastSeq: info.state.last_seq,
      generation: generationIn(info.config.description)?.number ?? null,
    };
  }

  /** Writes the generation where every consumer can read it, whatever becomes of messages and consumers. */
  async label(generation: Generation): Promise<void> {
    const { streams } = await jetstreamManager(this.connection, { checkAPI: false, timeout: TIMEOUT_MS });
    await streams.update(STREAM, { description: generationText(generation) });
  }

  /** The id of the message under a number; `null` when there is none (any more). */
  async idAt(seq: number): Promise<string | null> {
    const { streams } = await jetstreamManager(this.connection, { checkAPI: false, timeout: TIMEOUT_MS });
    const message = await streams.getMessage(STREAM, { seq });
    return message?.header.get(MESSAGE_ID) ?? null;
  }

  /**
   * Resolves once the stream stored it. Rejects when nobody said so in time: it may be stored all the same.
   *
   * @param behind The id of the message that must be the stream's last one; with another one there it is not stored, and
   * the answer is `null`. What the stream holds already is a duplicate wherever it lies.
   */
  publish(subject: string, id: string, body: string, behind: string | null = null): Promise<Stored | null> {
    const { reply, stored } = this.acknowledgements.expect(TIMEOUT_MS);
    const named = headers();
    named.set(MESSAGE_ID, id);
    if (behind !== null) named.set(EXPECTED_LAST_ID, behind);
    try {
      this.connection.publish(subject, body, { reply, headers: named });
    } catch (error) {
      // The connection is closed; its acknowledgements were given up with it.
      stored.catch(() => undefined);
      return Promise.reject(error as Error);
    }
    return stored;
  }
}

/** Whoever made the stream may have chosen more room; subjects and the duplicate window are ours. */
function agrees(config: StreamConfig): boolean {
  return (
    JSON.stringify(config.subjects) === JSON.stringify(CONFIG.subjects) &&
    config.duplicate_window >= (CONFIG.duplicate_window ?? 0)
  );
}

/** A publisher while NATS is connected, else `null`; a new one at each reconnect. */
export function streamPublishers(connection$: Observable<NatsConnection | null>): Observable<StreamPublisher | null> {
  const heard = new WeakMap<NatsConnection, Acknowledgements>();
  return connection$.pipe(
    map((connection) => {
      if (connection === null) return null;
      const known = heard.get(connection);
      known?.giveUp('the connection was lost meanwhile');
      const acknowledgements = known ?? new Acknowledgements(connection);
      heard.set(connection, acknowledgements);
      return new StreamPublisher(connection, acknowledgements);
    }),
  );
}
