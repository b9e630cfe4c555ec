import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  jetstreamManager,
  type StreamAPI,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { headers, millis, nanos, type NatsConnection } from '@nats-io/transport-node';
import { map, type Observable } from 'rxjs';
import { generationIn, generationText, refusalOf, type Generation } from '../../../sdk/index.js';
import type { StreamLimits } from '../config/index.js';
import { Acknowledgements, type Stored } from './acknowledgements.js';
import { inGeneral } from './forbidden.js';
import { StreamRefusedError } from './publishing.js';

/** The one stream of the house. Names and limits are documented in `docs/adr/0011-outbox-relay.md`. */
export const STREAM = 'SWITCHBOARD';

const HOUR_MS = 3_600_000;
const STREAM_NOT_FOUND = 10059;
const TIMEOUT_MS = 5_000;
const MESSAGE_ID = 'Nats-Msg-Id';
const EXPECTED_LAST_ID = 'Nats-Expected-Last-Msg-Id';

/** What is ours in any case; only what nats-server 2.9 knows. */
const OURS = {
  subjects: ['switchboard.v1.>'],
  // At least the longest outage of a relay between a publish and its mark; consumers de-duplicate by id behind it.
  duplicate_window: nanos(15 * 60_000),
};

/** Old messages go first; consumers that fall behind by more replay from the outbox. */
const MADE: Partial<StreamConfig> = {
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_age: nanos(48 * HOUR_MS),
  max_bytes: 4 * 1024 ** 3,
  max_msg_size: 256 * 1024,
  num_replicas: 1,
};

type Limits = Partial<Pick<StreamConfig, 'num_replicas' | 'max_age' | 'max_bytes'>>;

const limitsOf = ({ replicas, maxAgeHours, maxBytes }: StreamLimits): Limits => ({
  ...(replicas !== null && { num_replicas: replicas }),
  ...(maxAgeHours !== null && { max_age: nanos(maxAgeHours * HOUR_MS) }),
  ...(maxBytes !== null && { max_bytes: maxBytes }),
});

/** What the stream is now: a new creation time or a lower last sequence means that it went back. */
export interface StreamState {
  readonly created: string;
  readonly lastSeq: number;
  /** As its description says: raised each time what the stream had lost was published again. `null`: not said yet. */
  readonly generation: number | null;
}

/** What the settings ask of the stream, and who hears whether NATS grants it. */
export interface StreamWishes {
  readonly limits: StreamLimits;
  readonly told: (trouble: Error | null) => void;
}

const NO_WISHES: StreamWishes = {
  limits: { replicas: null, maxAgeHours: null, maxBytes: null },
  told: () => undefined,
};

/** Publishes to the stream over one connection and waits for the stream's own acknowledgement. */
export class StreamPublisher {
  readonly #limits: Limits;
  #granted = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly acknowledgements: Acknowledgements,
    private readonly wishes: StreamWishes = NO_WISHES,
  ) {
    this.#limits = limitsOf(wishes.limits);
  }

  /**
   * Makes the stream when it is missing, brings an older one to our settings, and tells how it stands. Throws
   * `StreamRefusedError` where NATS answers and gives none.
   */
  async ensure(): Promise<StreamState> {
    const info = await this.#found().catch((error: unknown) => {
      throw isRefusal(error) ? new StreamRefusedError(refusalText(error), { cause: error }) : error;
    });
    return {
      created: info.created,
      lastSeq: info.state.last_seq,
      generation: generationIn(info.config.description)?.number ?? null,
    };
  }

  async #found(): Promise<StreamInfo> {
    const { streams } = await jetstreamManager(this.connection, { checkAPI: false, timeout: TIMEOUT_MS });
    const known = await streams.info(STREAM).catch((error: unknown) => {
      if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return null;
      throw error;
    });
    if (known === null) return this.#make(streams);
    return this.#limited(streams, agrees(known.config) ? known : await streams.update(STREAM, OURS));
  }

  async #make(streams: StreamAPI): Promise<StreamInfo> {
    const config = { ...MADE, ...OURS, ...this.#limits, name: STREAM };
    const made = await streams.add(config).catch((error: unknown) => {
      throw isRefusal(error) ? new StreamRefusedError(missingText(error, config), { cause: error }) : error;
    });
    this.#grant(null);
    return made;
  }

  /** A stream that does not get its limits is a stream all the same: events go on, and it is told. */
  async #limited(streams: StreamAPI, info: StreamInfo): Promise<StreamInfo> {
    if (this.#granted) return info;
    const asked = Object.entries(this.#limits).filter(([name, value]) => info.config[name as keyof Limits] !== value);
    if (asked.length === 0) {
      this.#grant(null);
      return info;
    }
    try {
      const limited = await streams.update(STREAM, Object.fromEntries(asked));
      this.#grant(null);
      return limited;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#grant(new Error(`${error.message}; asked for ${limitsText(this.#limits)}`, { cause: error }));
      return info;
    }
  }

  #grant(trouble: Error | null): void {
    this.#granted = trouble === null;
    this.wishes.told(trouble);
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
    JSON.stringify(config.subjects) === JSON.stringify(OURS.subjects) &&
    config.duplicate_window >= OURS.duplicate_window
  );
}

/** NATS answered, and said no. */
function isRefusal(error: unknown): error is Error {
  return (
    error instanceof JetStreamApiError ||
    (error instanceof Error && error.name === 'JetStreamNotEnabled') ||
    (error instanceof Error && refusalOf(error) === 'permissions')
  );
}

const refusalText = (error: Error): string =>
  error instanceof StreamRefusedError ? error.message : `NATS gives no stream ${STREAM}: ${inGeneral(error.message)}`;

const missingText = (error: Error, limits: Limits): string =>
  `the stream ${STREAM} is missing and cannot be made: ${inGeneral(error.message)}; it asks for ${limitsText(limits)}`;

/** By the names of the settings, which is where they are changed. */
function limitsText({ max_bytes: bytes, num_replicas: replicas, max_age: age }: Limits): string {
  const parts = [
    ...(bytes === undefined ? [] : [`${bytes} bytes (SWITCHBOARD_STREAM_MAX_BYTES)`]),
    ...(replicas === undefined
      ? []
      : [`${replicas} replica${replicas === 1 ? '' : 's'} (SWITCHBOARD_STREAM_REPLICAS)`]),
    ...(age === undefined ? [] : [`${millis(age) / HOUR_MS} hours (SWITCHBOARD_STREAM_MAX_AGE_HOURS)`]),
  ];
  return parts.join(', ');
}

/** A publisher while NATS is connected, else `null`; a new one at each reconnect. */
export function streamPublishers(
  connection$: Observable<NatsConnection | null>,
  inboxPrefix?: string,
  wishes?: StreamWishes,
): Observable<StreamPublisher | null> {
  const heard = new WeakMap<NatsConnection, Acknowledgements>();
  return connection$.pipe(
    map((connection) => {
      if (connection === null) return null;
      const known = heard.get(connection);
      known?.giveUp('the connection was lost meanwhile');
      const acknowledgements = known ?? new Acknowledgements(connection, inboxPrefix);
      heard.set(connection, acknowledgements);
      return new StreamPublisher(connection, acknowledgements, wishes);
    }),
  );
}
