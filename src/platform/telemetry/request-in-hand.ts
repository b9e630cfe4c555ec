import { AsyncLocalStorage } from 'node:async_hooks';

/** The request that is being answered, as far as the log wants to know it. */
export interface RequestInHand {
  readonly id: string;
}

const inHand = new AsyncLocalStorage<RequestInHand>();

/** Runs what answers a request; whatever that calls and waits for finds the request by `requestInHand`. */
export function answering(request: RequestInHand, answer: () => void): void {
  inHand.run(request, answer);
}

/**
 * The request on whose behalf we run; `null` for work nobody asked for. Ask where work is handed in, not where it fails:
 * what runs for many at once (a group, a batch, a sweep) runs on behalf of none.
 */
export function requestInHand(): RequestInHand | null {
  return inHand.getStore() ?? null;
}
