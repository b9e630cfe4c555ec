import { Troubles } from '../telemetry/troubles.js';

/** Whatever is needed is tried again sooner than this. */
const FORGOTTEN_MS = 15_000;
/** What the client makes up for each inbox. */
const INBOX = /^[0-9A-Z]{22}$/i;

/**
 * What the permissions of our user do not allow. NATS says so each time, and never that it allows it now: it is over when
 * nothing was forbidden for a while.
 */
export class Forbidden {
  readonly #troubles = new Troubles('Nats', {
    fails: 'NATS does not allow what this process does',
    over: 'NATS forbids nothing any more',
  });
  #what: string | null = null;
  #forgetting: NodeJS.Timeout | null = null;

  /** `null`: nothing. */
  get what(): string | null {
    return this.#what;
  }

  said(error: Error): void {
    this.#what = inGeneral(error.message);
    this.#troubles.failed(new Error(this.#what, { cause: error }));
    this.#forgetting ??= setTimeout(() => this.over(), FORGOTTEN_MS).unref();
    this.#forgetting.refresh();
  }

  over(): void {
    if (this.#forgetting !== null) clearTimeout(this.#forgetting);
    this.#forgetting = null;
    this.#what = null;
    this.#troubles.over();
  }
}

/** One reason for all events and all inboxes, whose names are never the same twice. */
export function inGeneral(violation: string): string {
  return violation.replace(/"([^"\s]+)"/, (_, subject: string) => {
    const words = subject.split('.');
    if (subject.startsWith('$JS.ACK.')) return `"${words.slice(0, 4).join('.')}.>"`;
    if (subject.startsWith('switchboard.v1.')) return '"switchboard.v1.>"';
    return `"${words.map((word) => (INBOX.test(word) ? '*' : word)).join('.')}"`;
  });
}
