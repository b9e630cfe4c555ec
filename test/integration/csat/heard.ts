import { jetstream, jetstreamManager, AckPolicy, DeliverPolicy, type ConsumerMessages } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { EventName, SwitchboardEvent } from '../../../sdk/index.js';
import { until } from '../../support/until.js';

/** Everything that is announced, kept. */
export class Heard {
  readonly #events: SwitchboardEvent[] = [];

  private constructor(
    private readonly connection: NatsConnection,
    private readonly messages: ConsumerMessages,
  ) {}

  static async from(url: string): Promise<Heard> {
    const connection = await connect({ servers: url });
    const manager = await jetstreamManager(connection);
    await until(() => manager.streams.info('SWITCHBOARD').then(() => true), { what: 'the stream' });
    const { name } = await manager.consumers.add('SWITCHBOARD', {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
    });
    const messages = await (await jetstream(connection).consumers.get('SWITCHBOARD', name)).consume();
    const heard = new Heard(connection, messages);
    void heard.listen();
    return heard;
  }

  of<N extends EventName>(name: N, conversationId: string): readonly SwitchboardEvent<N>[] {
    return this.#events.filter(
      (event) => event.type === `switchboard.v1.${name}` && event.subject === conversationId,
    ) as unknown as SwitchboardEvent<N>[];
  }

  /** The first of this name in this conversation, once it has come. */
  event<N extends EventName>(name: N, conversationId: string): Promise<SwitchboardEvent<N>> {
    return until(() => this.of(name, conversationId)[0], { what: `${name} on NATS` }) as Promise<SwitchboardEvent<N>>;
  }

  async close(): Promise<void> {
    await this.messages.close();
    await this.connection.close();
  }

  private async listen(): Promise<void> {
    for await (const message of this.messages) this.#events.push(message.json<SwitchboardEvent>());
  }
}
