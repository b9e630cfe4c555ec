import { catchError, concat, defer, exhaustMap, expand, EMPTY, filter, interval, of, type Subscription } from 'rxjs';
import type { Partitions } from '../../ledger/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import type { OldSecrets } from '../sending/old-secrets.store.js';
import type { DeliveryStore } from './delivery.store.js';

const EVERY_MS = 60_000;
const MOST_AT_ONCE = 1_000;

/** Forgets old deliveries, a thousand at a time, and old secrets, once a minute, in the one process that holds partition 0. */
export function housekeeping(store: DeliveryStore, secrets: OldSecrets, partitions: Partitions): Subscription {
  const troubles = new Troubles('Housekeeping', { fails: 'old deliveries and secrets are forgotten later' });
  const failed = (error: unknown) => {
    troubles.failed(error);
    return of(0);
  };
  const forget = () => defer(() => store.forget(MOST_AT_ONCE)).pipe(catchError(failed));
  const forgetSecrets = () => defer(() => secrets.forget()).pipe(catchError(failed));
  const forgetDeliveries = () => forget().pipe(expand((gone) => (gone < MOST_AT_ONCE ? EMPTY : forget())));
  return interval(EVERY_MS)
    .pipe(
      filter(() => partitions.fence(0) !== null),
      exhaustMap(() => concat(forgetSecrets(), forgetDeliveries())),
    )
    .subscribe();
}
