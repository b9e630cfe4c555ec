import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

/** An event as it lies on the stream. */
export interface StreamEvent {
  readonly id: string;
  readonly subject: string;
  readonly data: { readonly conversationId: string; readonly seq: number; readonly sessionId?: string };
}

/** Everything a stream holds, in its order. */
export async function readStream(url: string, name: string): Promise<StreamEvent[]> {
  const connection = await connect({ servers: url });
  try {
    const { state } = await (await jetstreamManager(connection)).streams.info(name);
    const consumer = await jetstream(connection).consumers.get(name);
    const events: StreamEvent[] = [];
    while (events.length < state.messages) {
      const batch = await consumer.fetch({ max_messages: 500, expires: 2_000 });
      for await (const message of batch) events.push({ ...message.json<StreamEvent>(), subject: message.subject });
    }
    return events;
  } finally {
    await connection.close();
  }
}
