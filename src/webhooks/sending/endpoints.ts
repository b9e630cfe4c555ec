import { LRUCache } from 'lru-cache';
import type { WebhookId } from '../../kernel/index.js';
import { Batch } from '../../platform/postgres/index.js';
import type { Endpoint } from './sender.js';

/** Where webhooks are now; one that was deleted is missing from the answer, one that cannot be read is an error. */
export type FindEndpoints = (ids: readonly WebhookId[]) => Promise<ReadonlyMap<WebhookId, Endpoint | Error>>;

/** A changed target or secret is used from this long after the change on. */
const FRESH_MS = 1_000;
const MOST_KNOWN = 10_000;

/** Target and secret at the moment of sending, not those of the moment the event was made. */
export class Endpoints {
  readonly #known = new LRUCache<WebhookId, { readonly endpoint: Endpoint | null }>({ max: MOST_KNOWN, ttl: FRESH_MS });
  readonly #finds: Batch<WebhookId, Endpoint | Error | null>;

  constructor(find: FindEndpoints) {
    this.#finds = new Batch(async (ids) => {
      const found = await find([...new Set(ids)]);
      return ids.map((id) => found.get(id) ?? null);
    }, 100);
  }

  /** `null`: the webhook was deleted. Rejects while it cannot be read. */
  async of(id: WebhookId): Promise<Endpoint | null> {
    const known = this.#known.get(id);
    if (known) return known.endpoint;
    const endpoint = await this.#finds.add(id);
    if (endpoint instanceof Error) throw endpoint;
    this.#known.set(id, { endpoint });
    return endpoint;
  }

  /** The same as it is now, whatever was known. */
  anew(id: WebhookId): Promise<Endpoint | null> {
    this.#known.delete(id);
    return this.of(id);
  }
}
