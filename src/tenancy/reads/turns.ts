/** Who takes turns: an app, and one of its callers. */
export interface TurnTaker {
  readonly app: string;
  readonly caller: string;
}

export interface TurnLimits {
  /** Reads at once, of all apps. */
  readonly atOnce: number;
  /** Of these, at most so many of one app: a slow one leaves room for the others. */
  readonly atOncePerApp: number;
  readonly waitingPerCaller: number;
  readonly waitingPerApp: number;
  readonly waiting: number;
}

export type Refusal = 'caller_full' | 'app_full' | 'full';

/** Called when it may begin. Whoever was begun is ended with `end`. */
type Begin = () => void;

/**
 * Whose read is next: apps take turns, and within an app its callers do. Pure but for calling who begins.
 *
 * An app with nothing waiting is always let in beside one that floods: it has places of its own, and the next turn but
 * one at the latest.
 */
export class Turns {
  private readonly apps = new Map<string, AppTurns>();
  /** Apps with somebody waiting who may begin, the next first. */
  private readonly ready: AppTurns[] = [];
  private running = 0;
  private waitingCount = 0;

  constructor(private readonly limits: TurnLimits) {}

  get waiting(): number {
    return this.waitingCount;
  }

  /**
   * Begins at once or has it wait; `null` unless there is no room to wait.
   *
   * @param patient Waits whatever the bounds say: it has begun before and goes on.
   */
  enter({ app: id, caller }: TurnTaker, begin: Begin, patient = false): Refusal | null {
    const app = this.appOf(id);
    if (app.waiting === 0 && this.running < this.limits.atOnce && app.running < this.limits.atOncePerApp) {
      this.start(app);
      begin();
      return null;
    }
    const refusal = patient ? null : this.whyFull(app, caller);
    if (refusal === null) this.wait(app, caller, begin);
    else this.forget(app);
    return refusal;
  }

  /** A read of this app is over: the next one begins. */
  end({ app: id }: Pick<TurnTaker, 'app'>): void {
    const app = this.appOf(id);
    app.running -= 1;
    this.running -= 1;
    this.makeReady(app);
    this.forget(app);
    const next = this.ready.shift();
    if (next !== undefined) this.beginNext(next);
  }

  private beginNext(app: AppTurns): void {
    app.isReady = false;
    const lane = app.callers.shift() as CallerTurns;
    const begin = lane.waiting.shift() as Begin;
    if (lane.waiting.length > 0) app.callers.push(lane);
    else app.lanes.delete(lane.id);
    app.waiting -= 1;
    this.waitingCount -= 1;
    this.start(app);
    this.makeReady(app);
    begin();
  }

  private wait(app: AppTurns, caller: string, begin: Begin): void {
    let lane = app.lanes.get(caller);
    if (lane === undefined) {
      lane = { id: caller, waiting: [] };
      app.lanes.set(caller, lane);
      app.callers.push(lane);
    }
    lane.waiting.push(begin);
    app.waiting += 1;
    this.waitingCount += 1;
    this.makeReady(app);
  }

  private whyFull(app: AppTurns, caller: string): Refusal | null {
    if ((app.lanes.get(caller)?.waiting.length ?? 0) >= this.limits.waitingPerCaller) return 'caller_full';
    if (app.waiting >= this.limits.waitingPerApp) return 'app_full';
    return this.waitingCount >= this.limits.waiting ? 'full' : null;
  }

  private start(app: AppTurns): void {
    app.running += 1;
    this.running += 1;
  }

  private makeReady(app: AppTurns): void {
    if (app.isReady || app.waiting === 0 || app.running >= this.limits.atOncePerApp) return;
    app.isReady = true;
    this.ready.push(app);
  }

  private appOf(id: string): AppTurns {
    let app = this.apps.get(id);
    if (app === undefined) {
      app = { id, running: 0, waiting: 0, isReady: false, lanes: new Map(), callers: [] };
      this.apps.set(id, app);
    }
    return app;
  }

  private forget(app: AppTurns): void {
    if (app.running === 0 && app.waiting === 0) this.apps.delete(app.id);
  }
}

interface AppTurns {
  readonly id: string;
  running: number;
  waiting: number;
  /** Whether it stands among those who may begin. */
  isReady: boolean;
  readonly lanes: Map<string, CallerTurns>;
  /** Callers with somebody waiting, the next first. */
  readonly callers: CallerTurns[];
}

interface CallerTurns {
  readonly id: string;
  readonly waiting: Begin[];
}
