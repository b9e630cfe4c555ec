import { setTimeout as sleep } from 'node:timers/promises';
import { Link, type OpenLink } from './link.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

/** A place for one link that is opened again, for ever, whenever it is lost. */
export class Writer {
  /** `null` while there is none. */
  link: Link | null = null;
  busy = false;
  private closed = false;
  private awaiting: ((link: Link | null) => void)[] = [];

  constructor(
    private readonly open: OpenLink,
    /** Called at each change of `link`. */
    private readonly changed: () => void,
    /** Called at each attempt that failed. */
    private readonly failed: (error: unknown) => void,
  ) {}

  get idle(): boolean {
    return !this.busy && this.link !== null && this.link.alive;
  }

  async connect(): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !this.closed; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        const link = await Link.open(this.open, () => this.lost());
        if (this.closed) return link.close();
        if (!link.alive) continue;
        this.link = link;
        for (const tell of this.awaiting.splice(0)) tell(link);
        return this.changed();
      } catch (error) {
        this.failed(error);
        await sleep(pause, undefined, { ref: false });
      }
    }
  }

  /** The link, once there is one; `null` when none came in time. */
  linked(boundMs: number): Promise<Link | null> {
    if (this.link?.alive === true || this.closed) return Promise.resolve(this.link);
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(null), boundMs);
      this.awaiting.push((link) => {
        clearTimeout(late);
        resolve(link);
      });
    });
  }

  close(): void {
    this.closed = true;
    for (const tell of this.awaiting.splice(0)) tell(null);
    this.link?.close();
    this.link = null;
  }

  private lost(): void {
    if (this.closed || this.link === null) return;
    this.link = null;
    this.changed();
    void this.connect();
  }
}
