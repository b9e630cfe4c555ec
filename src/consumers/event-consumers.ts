import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { EventConsumer, type ConsumerOptions, type EventPattern } from '../../sdk/index.js';
import { Failure } from '../kernel/index.js';
import { Drain } from '../platform/lifecycle/index.js';
import { Nats, Publishing } from '../platform/nats/index.js';
import type { Tx } from '../platform/postgres/index.js';
import { Metrics, Troubles } from '../platform/telemetry/index.js';
import { ConsumedEvents } from './consumed-events.store.js';

const FORGET_EVERY_MS = 3_600_000;
/** The relay makes the stream at a first start; until then it is missed by everybody, which is no trouble. */
const MAKING_MS = 10_000;
/** Counts may be a moment late; a transaction per event would cost as much as the event itself. */
const GATHER_MS = 100;

/**
 * Runs this house's own consumers on the public kit, with the connection, the store and the drain of the process: an
 * outsider's consumer looks the same.
 */
@Injectable()
export class EventConsumers implements OnApplicationBootstrap {
  readonly #log = new Logger(EventConsumers.name);

  constructor(
    private readonly nats: Nats,
    private readonly publishing: Publishing,
    private readonly consumed: ConsumedEvents,
    private readonly drain: Drain,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    const troubles = new Troubles(EventConsumers.name, { fails: 'ids of handled events are forgotten later' });
    const forget = (): Promise<void> =>
      this.consumed.forget().then(
        () => troubles.over(),
        (error: unknown) => troubles.failed(error),
      );
    const forgetting = setInterval(() => void forget(), FORGET_EVERY_MS);
    forgetting.unref();
    this.drain.add('workers', 'forgetting consumed events', () => clearInterval(forgetting));
  }

  /**
   * Starts a durable consumer; it stops with the process. `name` also names it in NATS and in the table of ids.
   * `handle` gets one or many events, in the order of the stream, and the transaction of their ids.
   */
  start<P extends EventPattern>(
    name: string,
    events: P,
    handle: NonNullable<ConsumerOptions<P, Tx>['handleAll']>,
  ): EventConsumer<P, Tx> {
    const troubles = new Troubles(EventConsumers.name, { fails: 'a consumer had trouble and goes on' });
    const begun = performance.now();
    const consumer = new EventConsumer({
      name,
      events,
      handle: (event, tx, signal) => handle([event], tx, signal),
      handleAll: handle,
      gatherMs: GATHER_MS,
      connection: () => this.nats.connection,
      once: this.consumed.of(name),
      isOutage,
      onPoison: ({ error, ...report }) =>
        this.#log.error({ ...report, ...addressOf(report.subject), err: error }, 'an event was given up'),
      onTrouble: (error, event) => {
        // A stream that NATS does not give is told by the relay, once for all who miss it.
        if (event === null && this.publishing.refused) return;
        if (isNotMadeYet(error) && performance.now() - begun < MAKING_MS) return;
        // An outage concerns no event by itself; it is told once, not for each that waits.
        if (event === null || isOutage(error)) troubles.failed(error, { consumer: name });
        else troubles.failed(error, { consumer: name, ...event, ...addressOf(event.subject) }, event.eventId);
      },
    });
    consumer.start();
    this.drain.add('workers', `consumer ${name}`, (withinMs) => consumer.stop(withinMs));
    this.#show(name, consumer);
    return consumer;
  }

  #show(name: string, consumer: Pick<EventConsumer<EventPattern, Tx>, 'progress'>): void {
    const figure = `switchboard_consumer_${name.replaceAll('-', '_')}`;
    const show = (what: string, help: string, read: () => number): void =>
      this.metrics.observe(`${figure}_${what}`, help, read);
    show('handled', 'Events this consumer acted on.', () => consumer.progress.handled);
    show('retried', 'Attempts that failed and come again.', () => consumer.progress.retried);
    show('poisoned', 'Events given up.', () => consumer.progress.poisoned);
    show('oldest_effect_seconds', 'For how long the oldest unsettled effect runs.', () =>
      secondsSince(consumer.progress.oldestEffectSince),
    );
    show('pending', 'Events of the stream that wait for this consumer.', () => consumer.progress.pending ?? 0);
  }
}

const secondsSince = (time: Date | null): number => (time === null ? 0 : (Date.now() - time.getTime()) / 1000);

/** Whom an event concerns, by its subject: that can be read of a message that is no event of ours, too. */
function addressOf(subject: string): object {
  const [, , noun, , appId, about] = subject.split('.');
  if (noun === 'stream' || appId === undefined || about === undefined) return {};
  return noun === 'agent' ? { appId, agentId: about } : { appId, conversationId: about };
}

/** A database that is away is nobody's fault: its events wait, however long it takes. */
const isOutage = (error: unknown): boolean =>
  error instanceof Failure && (error.code === 'unavailable' || error.code === 'outcome_unknown');

const isNotMadeYet = (error: unknown): boolean => error instanceof Error && error.name === 'StreamNotFoundError';
