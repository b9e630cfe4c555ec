import { catchError, defer, exhaustMap, expand, EMPTY, filter, interval, of, type Subscription } from 'rxjs';
import type { Partitions } from '../../ledger/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import type { DeliveryStore } from './delivery.store.js';

const EVERY_MS = 60_000;
const MOST_AT_ONCE = 1_000;

/** Forgets old deliveries, once a minute, a thousand at a time, in the one process that holds partition 0. */
export function housekeeping(store: DeliveryStore, partitions: Partitions): Subscription {
  const troubles = new Troubles('Housekeeping', { fails: 'old deliveries are forgotten later' });
  const failed = (error: unknown) => {
    troubles.failed(error);
    return of(0);
  };
  const forget = () => defer(() => store.forget(MOST_AT_ONCE)).pipe(catchError(failed));
  return interval(EVERY_MS)
    .pipe(
      filter(() => partitions.fence(0) !== null),
      exhaustMap(() => forget().pipe(expand((gone) => (gone < MOST_AT_ONCE ? EMPTY : forget())))),
    )
    .subscribe();
}
