import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiError,
  ReplayPolicy,
  jetstream,
  jetstreamManager,
  type Consumer,
  type ConsumerConfig,
  type ConsumerInfo,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { generationIn, generationText, type Generation } from '../generation.js';
import type { Place } from './place.js';

const CONSUMER_NOT_FOUND = 10014;
const MAX_UNACKNOWLEDGED = 1_000;

export interface DurableSettings {
  readonly stream: string;
  readonly name: string;
  readonly subject: string;
  readonly ackWaitMs: number;
}

/** The durable consumer on one connection: made when missing, made anew when the stream is not the one it stood in. */
export class Durable {
  private constructor(
    private readonly manager: JetStreamManager,
    private readonly settings: DurableSettings,
    private readonly place: Place,
    readonly pull: Consumer,
  ) {}

  /** Rejects when NATS, JetStream or the stream is not there (yet). */
  static async bind(
    connection: NatsConnection,
    settings: DurableSettings,
    place: Place,
    restarted: () => void,
  ): Promise<Durable> {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    // Read before the consumer is made: a generation that begins meanwhile makes it void, not valid.
    const { config } = await manager.streams.info(settings.stream);
    const generation = generationIn(config.description);
    const known = await infoOf(manager, settings);
    if (known !== null && (await place.isLost(manager, known))) {
      await manager.consumers.delete(settings.stream, settings.name);
      place.forget();
      restarted();
    }
    if ((await infoOf(manager, settings)) === null) {
      const bearing = generation === null ? {} : { description: generationText(generation) };
      await manager.consumers.add(settings.stream, { ...configOf(settings), ...bearing, ...from(known, generation) });
    }
    const pull = await jetstream(connection).consumers.get(settings.stream, settings.name);
    return new Durable(manager, settings, place, pull);
  }

  /** Is the stream still the one we stand in, and the consumer still there? */
  async standsFirm(): Promise<boolean> {
    const info = await infoOf(this.manager, this.settings);
    return info !== null && !(await this.place.isLost(this.manager, info));
  }
}

/**
 * Where to begin: at the first event, or behind what surely was acknowledged, when the stream was restored once since the
 * consumer was made. Its position says nothing of what lies beyond the part that survived.
 */
function from(known: ConsumerInfo | null, generation: Generation | null): Partial<ConsumerConfig> {
  const own = generationIn(known?.config.description);
  if (known === null || own === null || generation === null || own.number !== generation.number - 1) return {};
  const acknowledged = Math.min(known.ack_floor.stream_seq, generation.after);
  return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: acknowledged + 1 };
}

async function infoOf(manager: JetStreamManager, { stream, name, subject }: DurableSettings) {
  const info = await manager.consumers.info(stream, name).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === CONSUMER_NOT_FOUND) return null;
    throw error;
  });
  const filter = info?.config.filter_subject;
  if (info !== null && filter !== subject) {
    throw new Error(`the consumer ${name} exists for ${filter}, not for ${subject}: choose another name`);
  }
  return info;
}

/** Nothing that nats-server 2.9 does not know. Attempts are counted by the kit, so NATS delivers without a limit. */
const configOf = ({ name, subject, ackWaitMs }: DurableSettings) => ({
  durable_name: name,
  filter_subject: subject,
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(ackWaitMs),
  deliver_policy: DeliverPolicy.All,
  replay_policy: ReplayPolicy.Instant,
  max_deliver: -1,
  max_ack_pending: MAX_UNACKNOWLEDGED,
});
