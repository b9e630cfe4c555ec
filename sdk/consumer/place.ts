import type { ConsumerInfo, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import { generationIn } from '../generation.js';

const MESSAGE_ID = 'Nats-Msg-Id';

/**
 * Where this consumer stands in the stream. A stream that is put back (a lost disk, an old copy) keeps its consumers'
 * positions: NATS then counts new messages under numbers that the consumer has passed, and never delivers them. The
 * relay writes on the stream how often that happened; where nobody writes, its length and our last message must do.
 */
export class Place {
  #last: { readonly seq: number; readonly id: string } | null = null;

  constructor(private readonly stream: string) {}

  remember(message: JsMsg): void {
    const id = message.headers?.get(MESSAGE_ID);
    if (id && message.seq > (this.#last?.seq ?? 0)) this.#last = { seq: message.seq, id };
  }

  forget(): void {
    this.#last = null;
  }

  /**
   * Is the stream another one than we stood in: of another generation, shorter than our position, or with another
   * message where we stand?
   */
  async isLost(manager: JetStreamManager, { config: own, delivered }: ConsumerInfo): Promise<boolean> {
    const { config, state } = await manager.streams.info(this.stream);
    if (generationIn(config.description)?.number !== generationIn(own.description)?.number) return true;
    if (delivered.stream_seq > state.last_seq || (this.#last?.seq ?? 0) > state.last_seq) return true;
    if (this.#last === null || this.#last.seq < state.first_seq) return false;
    const there = await manager.streams.getMessage(this.stream, { seq: this.#last.seq });
    return there !== null && there.header.get(MESSAGE_ID) !== this.#last.id;
  }
}
