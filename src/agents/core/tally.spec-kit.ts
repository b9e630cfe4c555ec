import type { Limits, Load } from './agent.js';
import type { Capacity, Pool } from './capacity.js';

/**
 * An agent's work, kept by somebody who has read only the tables of `docs/rules.md` 3.3 to 3.6: a sheet of paper with
 * one line per item and a column of figures. Written apart from the core, so that both cannot be wrong in one way.
 */
export class Tally {
  readonly #lines = new Map<string, Line>();
  online = true;

  constructor(readonly limits: Limits) {}

  get names(): string[] {
    return [...this.#lines.keys()].sort();
  }

  put(name: string, how: 'offered' | 'assigned' | 'answered', load: Load): void {
    if (this.#lines.has(name)) return;
    const phase = how === 'offered' ? 'reserved' : 'working';
    const free = how === 'assigned';
    this.#lines.set(name, { load, phase, free, tab: how !== 'offered', quiet: false, ticket: 'none', mail: false });
  }

  change(name: string, act: string, now = 0): void {
    const line = this.#lines.get(name);
    if (!line) return;
    const { phase, load } = line;
    const live = phase === 'working' || phase === 'parked';
    const wraps = load.afterWork !== null;
    if (act === 'withdrawn' && phase === 'reserved') this.#lines.delete(name);
    if (act === 'opened' && phase === 'reserved') Object.assign(line, { phase: 'working', tab: true });
    if (act === 'paused' && phase === 'working') line.phase = 'parked';
    if (act === 'unpaused' && phase === 'parked') Object.assign(line, { phase: 'working', quiet: false });
    if (act === 'idled') line.quiet = true;
    if (act === 'revived') line.quiet = false;
    if (act === 'ticket open') line.ticket = 'open';
    if (act === 'ticket solved') line.ticket = 'solved';
    if (act === 'left') this.#lines.delete(name);
    if (act === 'transferred' && (live || phase === 'reserved')) this.#finish(line, wraps, now);
    if (act.startsWith('ended')) {
      if (phase === 'reserved') this.#lines.delete(name);
      else if (live) {
        line.quiet = true;
        line.mail = act === 'ended as email';
        if (act === 'ended with tab') Object.assign(line, { phase: 'finished', tab: false });
        else this.#finish(line, wraps && phase === 'working', now);
      }
    }
    if (act === 'tab closed' && phase !== 'reserved' && !(live && load.model === 'tab_based')) {
      line.tab = false;
      if (!live) line.phase = 'finished';
    }
    if (act === 'wrapped up' && phase === 'wrap') this.#wrapped(line);
    this.#strike();
  }

  clock(now: number): void {
    for (const line of this.#lines.values()) if (line.phase === 'wrap' && now >= (line.until ?? 0)) this.#wrapped(line);
    this.#strike();
  }

  outbound(): void {
    for (const line of this.#lines.values()) if (line.phase === 'wrap') this.#wrapped(line);
    this.#strike();
  }

  offline(): void {
    this.online = false;
    this.outbound();
    for (const line of this.#lines.values()) {
      if (line.phase === 'finished' && line.load.model === 'tab_based') line.tab = false;
    }
    this.#strike();
  }

  capacity(): Capacity {
    const pool = (name: string, limit: number): Pool => ({ used: round(this.#sum(name)), limit });
    const { primary, interruptible, buckets } = this.limits;
    return {
      primary: pool('primary', primary),
      interruptible: interruptible === null ? null : pool('interruptible', interruptible),
      buckets:
        buckets === null
          ? null
          : Object.fromEntries(Object.entries(buckets).map(([name, limit]) => [name, pool(name, limit)])),
    };
  }

  #sum(pool: string): number {
    let sum = 0;
    for (const line of this.#lines.values()) if (this.#pool(line) === pool) sum += this.#figure(line);
    return sum;
  }

  #pool({ load, mail }: Line): string {
    const bucket = mail ? 'email' : load.bucket;
    if (this.limits.buckets && bucket in this.limits.buckets) return bucket;
    return load.interruptible && this.limits.interruptible !== null ? 'interruptible' : 'primary';
  }

  #figure(line: Line): number {
    const { load, phase, tab, free } = line;
    if (free) return 0;
    const pool = this.#pool(line);
    if (pool !== 'primary' && pool !== 'interruptible') return this.#inBucket(line, pool) ? 1 : 0;
    const limit = pool === 'primary' ? this.limits.primary : (this.limits.interruptible ?? 0);
    const full = load.percent === null ? load.weight : (load.percent / 100) * limit;
    const table: Record<Phase, number> = {
      reserved: full,
      working: full,
      wrap: full,
      parked: load.pausedWeight,
      finished: load.model === 'tab_based' && tab ? full : 0,
    };
    return table[phase];
  }

  #inBucket({ phase, quiet, load, ticket, tab }: Line, bucket: string): boolean {
    if (phase === 'reserved' || phase === 'wrap') return true;
    const asleep = quiet || phase !== 'working';
    if (bucket === 'messaging' && asleep && !load.countInactive) return false;
    if (phase !== 'finished') return true;
    return ticket === 'none' ? tab && load.model === 'tab_based' : ticket === 'open';
  }

  #finish(line: Line, wraps: boolean, now: number): void {
    const seconds = line.load.afterWork?.seconds ?? 0;
    Object.assign(line, wraps ? { phase: 'wrap', until: now + seconds * 1000 } : { phase: 'finished' });
  }

  #wrapped(line: Line): void {
    line.phase = 'finished';
    if (line.load.model === 'tab_based') line.tab = false;
  }

  #strike(): void {
    for (const [name, line] of this.#lines) {
      if (line.phase === 'finished' && !line.tab && this.#figure(line) === 0) this.#lines.delete(name);
    }
  }
}

type Phase = 'reserved' | 'working' | 'parked' | 'wrap' | 'finished';

interface Line {
  readonly load: Load;
  readonly free: boolean;
  phase: Phase;
  tab: boolean;
  quiet: boolean;
  mail: boolean;
  ticket: 'none' | 'open' | 'solved';
  until?: number;
}

const round = (figure: number): number => Number(figure.toFixed(6));
