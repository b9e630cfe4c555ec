import type { IdempotencyKey } from '../ledger/index.js';

/** Who is answerable for a change: the key that was used, and the agent behind it. `system`: the house itself. */
export interface Author {
  readonly type: 'account' | 'app' | 'integration' | 'agent' | 'system';
  readonly keyId: string | null;
  readonly agentId: string | null;
}

/** By whom, in which request, and at most once under which key a change is asked for. */
export interface Asked {
  readonly by: Author;
  readonly requestId: string | null;
  readonly idempotency: IdempotencyKey | null;
}

/** For changes nobody asked for over HTTP, such as planting the demo app. */
export const askedByHouse: Asked = {
  by: { type: 'system', keyId: null, agentId: null },
  requestId: null,
  idempotency: null,
};
