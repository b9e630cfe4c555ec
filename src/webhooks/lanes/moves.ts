import type { WebhookId } from '../../kernel/index.js';
import type { Endpoints } from '../sending/endpoints.js';
import type { Endpoint } from '../sending/sender.js';
import type { Lane } from './lane.js';
import type { Lanes } from './lanes.js';

/**
 * Follows receivers to where they are now: who changes the target of a webhook that failed is waiting for what failed,
 * and does not wait for its schedule of minutes and hours. Also mends an attempt at a target that was known a second too
 * long. Whichever process served the change, the one that sends finds it by looking.
 */
export class Moves {
  constructor(
    private readonly lanes: Lanes,
    private readonly endpoints: Endpoints,
  ) {}

  /** Tries every lane again whose receiver has moved since it did not take the head, or is gone: that buries it. */
  async follow(): Promise<void> {
    const resting = [...this.lanes.resting()];
    const ids = new Set(resting.map(({ key }) => key.webhookId));
    const now = new Map(await Promise.all([...ids].map(async (id) => [id, await this.where(id)] as const)));
    for (const lane of resting) {
      const endpoint = now.get(lane.key.webhookId) ?? 'unknown';
      if (hasMoved(lane, endpoint)) this.lanes.tryNow(lane);
    }
  }

  private where(id: WebhookId): Promise<Place> {
    return this.endpoints.of(id).then(
      (endpoint) => endpoint ?? 'gone',
      () => 'unknown',
    );
  }
}

type Place = Endpoint | 'gone' | 'unknown';

/** A lane that failed before it was ours is measured from the first look at it. */
function hasMoved(lane: Lane, now: Place): boolean {
  if (now === 'unknown') return false;
  // A schedule of days would keep what waits from the list of dead letters, and from whoever would send it on.
  if (now === 'gone') return true;
  lane.refusedAt ??= now;
  const moved = lane.refusedAt.target !== now.target || lane.refusedAt.secret !== now.secret;
  if (moved) lane.refusedAt = now;
  return moved;
}
