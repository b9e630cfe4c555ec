import { Failure } from '../../kernel/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import type { Delivery, LaneKey } from './delivery.store.js';

/** What lanes tell of their failures; an attempt that is made again is in the metrics alone. */
export interface LanesLog {
  failed(key: LaneKey, error: unknown): null;
  went(key: LaneKey): void;
  buried(key: LaneKey, delivery: Delivery, why: string): void;
  delivered(key: LaneKey): void;
}

/** A database that is away is told once, everything else once per webhook and reason: a dead bot has many letters. */
export function lanesLog(): LanesLog {
  const turns = new Troubles('Lanes', {
    fails: 'deliveries cannot be read or sent; it is tried again',
    over: 'deliveries are sent again',
  });
  const letters = new Troubles('Lanes', {
    fails: 'deliveries of a webhook become dead letters',
    over: 'a webhook takes deliveries again',
  });
  return {
    failed: ({ webhookId, lane }, error) => {
      if (error instanceof Failure) turns.failed(error.details.cause ?? error);
      else turns.failed(error, { webhookId, conversationId: lane }, webhookId);
      return null;
    },
    went: ({ webhookId }) => {
      turns.over();
      turns.over({ webhookId }, webhookId);
    },
    buried: ({ webhookId, lane }, { id: deliveryId, trigger, attempts, body }, why) =>
      letters.failed(
        why,
        { appId: appIdIn(body), webhookId, conversationId: lane, deliveryId, trigger, attempts },
        webhookId,
      ),
    delivered: ({ webhookId }) => letters.over({ webhookId }, webhookId),
  };
}

/** The envelope of every delivery begins with its app (`rendering/payloads.ts`). */
function appIdIn(body: string): string | undefined {
  return /^\{"app":\{"id":"([0-9a-f]{24})"\}/.exec(body)?.[1];
}
