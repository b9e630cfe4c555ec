import type { ExpireEnding, ExpireOffer, TimerDue } from '../core/index.js';
import type { DueTimer } from './claims.store.js';

/** What a timer that is due tells its conversation. */
export function commandOf({
  kind,
  subject,
}: Pick<DueTimer, 'kind' | 'subject'>): ExpireOffer | ExpireEnding | TimerDue {
  switch (kind) {
    case 'offerExpiry':
      return { type: 'expireOffer', offerSeq: Number(subject) };
    case 'endingDeadline':
      return { type: 'expireEnding', sessionId: subject };
    default:
      return { type: 'timerDue', kind, subject };
  }
}
