import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { STREAM } from '../envelope.js';
import { Batches } from './batches.js';
import { Durable } from './durable.js';
import { Effects, EffectTimeout } from './effects.js';
import { Lanes } from './lanes.js';
import type { ConsumerOptions, ConsumerProgress, PoisonReport } from './options.js';
import { eventIn } from './parse.js';
import { subjectOfPattern, type EventMatching, type EventPattern } from './pattern.js';
import { Place } from './place.js';

const RETRY_DELAYS_MS = [500, 2_000, 10_000, 30_000, 60_000];
const PULL = { max_messages: 500, expires: 5_000 };
const MOST_TOGETHER = 500;
const MOST_ALONE = 10_000;
const ACK_WAIT_MS = 30_000;
/** Of the time NATS waits for a sign: an effect that has taken so long will hardly settle. */
const LIMIT_TIMES = 10;
const LOOK_EVERY_MS = 5_000;
const REBIND_MS = 500;
/** By then this process pulls no more, so it goes to another one. */
const GIVE_BACK_MS = 500;

/**
 * A durable consumer of Switchboard's events: at least once, each effect once. It waits for NATS and for the stream to
 * appear, comes back after every outage, retries with growing waits, reports what it gives up, and reads a stream that
 * was put back from its beginning, which `once` makes harmless.
 */
export class EventConsumer<P extends EventPattern, Tx> {
  readonly #options: ConsumerOptions<P, Tx>;
  readonly #lanes: Lanes;
  readonly #batches: Batches<JsMsg> | null;
  readonly #place: Place;
  readonly #effects: Effects;
  /** Of a batch that did not settle: whichever of them it was, the others go without it. */
  readonly #alone = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #stop = new AbortController();
  #progress: Omit<ConsumerProgress, 'oldestEffectSince'> = {
    state: 'waiting',
    handled: 0,
    repeated: 0,
    retried: 0,
    poisoned: 0,
    restarted: 0,
    pending: null,
  };
  #pulling: ConsumerMessages | null = null;
  #loop: Promise<void> | null = null;

  constructor(options: ConsumerOptions<P, Tx>) {
    this.#options = options;
    this.#lanes = new Lanes(options.concurrency ?? 8);
    const together = options.handleAll !== undefined && options.once.runAll !== undefined;
    this.#batches = together
      ? new Batches(MOST_TOGETHER, (messages) => this.#takeAll(messages), options.gatherMs)
      : null;
    this.#place = new Place(options.stream ?? STREAM);
    this.#effects = new Effects(options.effectLimitMs ?? this.#settings().ackWaitMs * LIMIT_TIMES);
  }

  get progress(): ConsumerProgress {
    return { ...this.#progress, oldestEffectSince: this.#effects.oldestSince };
  }

  /** Begins in the background, and returns at once. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** Takes nothing more, finishes what was begun, and acknowledges it. What it gives back comes to the next process. */
  async stop(withinMs = 5_000): Promise<void> {
    this.#stop.abort();
    await Promise.race([this.#giveBack(), pause(withinMs, undefined, { ref: false })]);
    await this.#options
      .connection()
      ?.flush()
      .catch(() => undefined);
    this.#progress = { ...this.#progress, state: 'stopped' };
  }

  /** The loop gives back what lies here unbegun, so that nobody waits for NATS to notice; then nothing more is pulled. */
  async #giveBack(): Promise<void> {
    const given = (): number => this.#pulling?.getProcessed() ?? 0;
    for (let before = -1; before !== given();) {
      before = given();
      await this.#lanes.idle();
      await this.#batches?.idle();
      await pause(20);
    }
    await this.#pulling?.close();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const connection = this.#options.connection();
      if (connection !== null && !connection.isClosed()) {
        await this.#consume(connection).catch((error: unknown) => this.#options.onTrouble?.(error, null));
      }
      if (this.#stop.signal.aborted) return;
      this.#progress = { ...this.#progress, state: 'waiting' };
      await pause(REBIND_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** Until the connection, the consumer or its place in the stream is lost. */
  async #consume(connection: NatsConnection): Promise<void> {
    const durable = await Durable.bind(connection, this.#settings(), this.#place, () => this.#count('restarted'));
    this.#progress = { ...this.#progress, state: 'running' };
    let looked = performance.now();
    while (!this.#stop.signal.aborted) {
      await this.#pull(durable);
      if (performance.now() - looked < LOOK_EVERY_MS && !connection.isClosed()) continue;
      if (!(await durable.standsFirm())) return;
      looked = performance.now();
    }
  }

  async #pull(durable: Durable): Promise<void> {
    this.#pulling = await durable.pull.fetch(PULL);
    if (this.#stop.signal.aborted) await this.#pulling.close();
    for await (const message of this.#pulling) {
      if (this.#stop.signal.aborted) message.nak(GIVE_BACK_MS);
      else if (this.#batches) await this.#batches.add(message);
      else await this.#takeInTurn(message);
    }
  }

  #takeInTurn(message: JsMsg): Promise<void> {
    return this.#lanes.add(message.subject.slice(message.subject.lastIndexOf('.')), () => this.#take(message));
  }

  async #takeAll(messages: readonly JsMsg[]): Promise<void> {
    const read = messages.map((message) => ({ message, event: eventIn<P>(message) }));
    const isAlone = ({ event }: (typeof read)[number]): boolean =>
      event !== null && (this.#alone.has(event.id) || this.#effects.isUnsettled(event.id));
    const { alone = [], together = [] } = Object.groupBy(read, (one) => (isAlone(one) ? 'alone' : 'together'));
    for (const { message } of alone) await this.#takeInTurn(message);
    if (together.length > 0) await this.#takeTogether(together);
  }

  /** One transaction for all of them; when it fails, each by itself, so that one bad event holds up nobody else. */
  async #takeTogether(
    read: readonly { readonly message: JsMsg; readonly event: EventMatching<P> | null }[],
  ): Promise<void> {
    const messages = read.map(({ message }) => message);
    const events = read.map(({ event }) => event);
    const { once, handleAll } = this.#options;
    const known = events.filter((event) => event !== null);
    try {
      if (known.length < messages.length) throw new Error('not all of these are events of Switchboard');
      const ids = known.map(({ id }) => id);
      const effect = async (signal: AbortSignal): Promise<number | undefined> =>
        once.runAll?.(ids, async (isNew, tx) => {
          const news = known.filter(({ id }) => isNew.has(id));
          await handleAll?.(news, tx, signal);
        });
      const fresh = await this.#signed(messages, () => this.#effects.within(null, effect));
      for (const message of messages) this.#done(message);
      this.#progress = { ...this.#progress, pending: messages.at(-1)?.info.pending ?? 0 };
      this.#count('handled', fresh);
      this.#count('repeated', messages.length - (fresh ?? 0));
    } catch (error) {
      this.#options.onTrouble?.(error, null);
      if (error instanceof EffectTimeout) return this.#giveAllBack(messages, known);
      for (const message of messages) await this.#take(message);
    }
  }

  /** Its transaction may live still, so nobody waits for the ids it has; each comes again, by itself. */
  #giveAllBack(messages: readonly JsMsg[], events: readonly EventMatching<P>[]): void {
    // Those that others handle never come here again.
    if (this.#alone.size > MOST_ALONE) this.#alone.clear();
    for (const { id } of events) this.#alone.add(id);
    for (const message of messages) this.#again(message);
  }

  /** NATS is told that the work goes on, for as long as it is waited for. */
  async #signed<T>(messages: readonly JsMsg[], work: () => Promise<T>): Promise<T> {
    const sign = (): void => {
      for (const message of messages) message.working();
    };
    const signs = setInterval(sign, this.#settings().ackWaitMs / 3);
    return work().finally(() => clearInterval(signs));
  }

  #done(message: JsMsg): void {
    this.#place.remember(message);
    message.ack();
  }

  async #take(message: JsMsg): Promise<void> {
    this.#place.remember(message);
    this.#progress = { ...this.#progress, pending: message.info.pending };
    const event = eventIn<P>(message);
    if (event === null) return this.#bury(message, null, 1, new Error('the message is not an event of Switchboard'));
    // Begun here and not settled: a second time it would only stand beside the first.
    if (this.#effects.isUnsettled(event.id)) return this.#again(message);
    const { once, handle } = this.#options;
    try {
      const fresh = await this.#signed([message], () =>
        this.#effects.within(event.id, (signal) => once.run(event.id, (tx) => handle(event, tx, signal))),
      );
      message.ack();
      this.#forget(event.id);
      this.#count(fresh ? 'handled' : 'repeated');
    } catch (error) {
      this.#failed(message, event, error);
    }
  }

  #failed(message: JsMsg, event: EventMatching<P>, error: unknown): void {
    this.#options.onTrouble?.(error, { eventId: event.id, subject: message.subject, streamSeq: message.seq });
    const { isOutage = () => false, maxAttempts = 10 } = this.#options;
    const failures = (this.#failures.get(event.id) ?? 0) + (isOutage(error) ? 0 : 1);
    if (failures >= maxAttempts) return this.#bury(message, event.id, failures, error);
    this.#failures.set(event.id, failures);
    this.#count('retried');
    this.#again(message);
  }

  #forget(eventId: string): void {
    this.#failures.delete(eventId);
    this.#alone.delete(eventId);
  }

  /** To whichever process asks for more then. */
  #again(message: JsMsg): void {
    const { retryDelaysMs = RETRY_DELAYS_MS } = this.#options;
    message.nak(retryDelaysMs[message.info.deliveryCount - 1] ?? retryDelaysMs.at(-1) ?? 0);
  }

  #bury(message: JsMsg, eventId: string | null, attempts: number, error: unknown): void {
    const { name, onPoison = say } = this.#options;
    message.term();
    if (eventId !== null) this.#forget(eventId);
    this.#count('poisoned');
    onPoison({ consumer: name, subject: message.subject, eventId, streamSeq: message.seq, attempts, error });
  }

  #settings() {
    const { name, events, appId, stream = STREAM, ackWaitMs = ACK_WAIT_MS } = this.#options;
    return { stream, name, subject: subjectOfPattern(events, appId), ackWaitMs };
  }

  #count(what: 'handled' | 'repeated' | 'retried' | 'poisoned' | 'restarted', more = 1): void {
    this.#progress = { ...this.#progress, [what]: this.#progress[what] + more };
  }
}

const say = ({ consumer, subject, eventId, attempts, error }: PoisonReport): void => {
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `${consumer} gave up ${eventId ?? 'a message'} on ${subject} after ${attempts} attempts: ${why}\n`,
  );
};
