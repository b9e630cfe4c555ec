import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import { addressIn, generationText, type Generation, type SwitchboardEvent } from '../../sdk/index.js';

/** A stream of the shape that the relay keeps, and a publisher into it that answers once the stream stored it. */
export class EventStream {
  private constructor(
    private readonly connection: NatsConnection,
    readonly name: string,
  ) {}

  static async open(url: string, name = 'SWITCHBOARD'): Promise<EventStream> {
    return new EventStream(
      await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 100, timeout: 1_000 }),
      name,
    );
  }

  async create(): Promise<void> {
    const { streams } = await jetstreamManager(this.connection, { checkAPI: false });
    await streams.add({ name: this.name, subjects: ['switchboard.v1.>'], duplicate_window: nanos(1_000) });
  }

  /** What the relay writes when it has found that the stream went back. */
  async label(generation: Generation): Promise<void> {
    const { streams } = await jetstreamManager(this.connection, { checkAPI: false });
    await streams.update(this.name, { description: generationText(generation) });
  }

  async delete(): Promise<void> {
    const { streams } = await jetstreamManager(this.connection, { checkAPI: false });
    await streams.delete(this.name);
  }

  async publish(event: SwitchboardEvent): Promise<void> {
    await this.raw([event.type, ...addressIn(event.data)].join('.'), JSON.stringify(event), event.id);
  }

  async raw(subject: string, body: string, id: string): Promise<void> {
    await jetstream(this.connection).publish(subject, body, { msgID: id });
  }

  /** How often something was given to a durable consumer, and how many of these it has not acknowledged. */
  async consumer(name: string): Promise<{ readonly delivered: number; readonly unacknowledged: number }> {
    const { consumers } = await jetstreamManager(this.connection, { checkAPI: false });
    const { delivered, num_ack_pending: unacknowledged } = await consumers.info(this.name, name);
    return { delivered: delivered.consumer_seq, unacknowledged };
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
