import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';

/** What the stream said of a published message. */
export interface Stored {
  readonly seq: number;
  /** The server knew the id already; `seq` is where it lies. */
  readonly duplicate: boolean;
}

interface Waiting {
  readonly resolve: (stored: Stored | null) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: number;
}

const LOOK_EVERY_MS = 250;
const NO_RESPONDERS = 503;
const WRONG_LAST_ID = 10070;

/**
 * The acknowledgements of everything published over one connection, heard on one subscription. The client's own request
 * makes two errors with their stacks for every message, just in case; at thousands a second that is most of its cost.
 */
export class Acknowledgements {
  readonly #inbox: string;
  readonly #waiting = new Map<string, Waiting>();
  readonly #looking: NodeJS.Timeout;
  #next = 0;

  constructor(connection: NatsConnection, inboxPrefix?: string) {
    this.#inbox = createInbox(inboxPrefix);
    connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#heard(message);
      },
    });
    this.#looking = setInterval(() => this.#giveUpLate(), LOOK_EVERY_MS);
    this.#looking.unref();
    void this.#untilClosed(connection);
  }

  /**
   * Where the acknowledgement of one message is to be sent, and the promise of it. `null`: the message was to lie directly
   * behind another one and does not; it was not stored.
   */
  expect(timeoutMs: number): { readonly reply: string; readonly stored: Promise<Stored | null> } {
    const token = (this.#next++).toString(36);
    const stored = new Promise<Stored | null>((resolve, reject) => {
      this.#waiting.set(token, { resolve, reject, deadline: performance.now() + timeoutMs });
    });
    return { reply: `${this.#inbox}.${token}`, stored };
  }

  /** Nobody will answer any more what is asked now: the connection was lost. */
  giveUp(why: string): void {
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of lost) reject(new Error(why));
  }

  async #untilClosed(connection: NatsConnection): Promise<void> {
    await connection.closed();
    clearInterval(this.#looking);
    this.giveUp('the connection is closed');
  }

  #heard(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length + 1);
    const waiting = this.#waiting.get(token);
    if (!waiting) return;
    this.#waiting.delete(token);
    const answer = read(message);
    if (answer instanceof Error) waiting.reject(answer);
    else waiting.resolve(answer);
  }

  #giveUpLate(): void {
    const now = performance.now();
    for (const [token, { deadline, reject }] of this.#waiting) {
      if (deadline > now) return;
      this.#waiting.delete(token);
      reject(new Error('the stream did not acknowledge in time'));
    }
  }
}

interface Answer extends Partial<Stored> {
  readonly error?: { readonly description?: string; readonly err_code?: number };
}

function read(message: Msg): Stored | null | Error {
  if (message.headers?.code === NO_RESPONDERS) return new Error('no stream takes this subject');
  const { seq, duplicate = false, error } = message.json<Answer>();
  // A refusal bears a number too: 0.
  if (error?.err_code === WRONG_LAST_ID) return null;
  if (error === undefined && typeof seq === 'number') return { seq, duplicate };
  return new Error(error?.description ?? 'the stream answered something else');
}
