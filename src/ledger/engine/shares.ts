import type { Queued } from '../book.js';

/** What one app has waiting; the platform's own commands are not counted. */
export interface AppShare {
  waiting: number;
  readonly callers: Map<string, number>;
}

/** An app may have this many times as much waiting as there is room left. */
const GREED = 3;

/**
 * Whose the places of the queue are. Nobody has a fixed part; a share is a multiple of what is left, so it shrinks as the
 * queue fills and there is always room for one who has nothing waiting: alone, an app may fill three quarters, and one
 * of its callers six tenths. A change of control or an end is let in as far as its app may go.
 */
export class Shares {
  private all = 0;

  constructor(private readonly places: number) {}

  get taken(): number {
    return this.all;
  }

  ofApp(): AppShare {
    return { waiting: 0, callers: new Map() };
  }

  /** @param app Of an app that has something waiting or in flight. */
  hasRoom(app: AppShare | undefined, { caller, urgency }: Pick<Queued, 'caller' | 'urgency'>): boolean {
    if (app === undefined) return true;
    const own = urgency === 'control' ? 0 : (app.callers.get(caller) ?? 0);
    return app.waiting + own < GREED * (this.places - this.all);
  }

  count(app: AppShare, { caller, urgency }: Pick<Queued, 'caller' | 'urgency'>, by: 1 | -1): void {
    this.all += by;
    if (urgency === 'system') return;
    app.waiting += by;
    const own = (app.callers.get(caller) ?? 0) + by;
    if (own === 0) app.callers.delete(caller);
    else app.callers.set(caller, own);
  }
}
