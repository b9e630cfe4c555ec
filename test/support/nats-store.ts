import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OwnNats } from './servers.js';

/** What becomes of a stream's consumers when its messages are put back to an older copy. */
export const CONSUMERS = ['kept', 'rewound', 'gone'] as const;
export type Consumers = (typeof CONSUMERS)[number];

/** Copies of a nats-server's store, and the accidents that bring them back. */
export class NatsStore {
  readonly #copy: string;

  constructor(
    private readonly nats: OwnNats,
    folder: string,
    private readonly stream = 'SWITCHBOARD',
  ) {
    this.#copy = mkdtempSync(join(folder, 'nats-copy-'));
  }

  /** As a snapshot of the disk takes it: all files at one moment, the server none the wiser. */
  copy(): void {
    this.nats.kill('SIGSTOP');
    rmSync(this.#copy, { recursive: true });
    cpSync(this.nats.streams, this.#copy, { recursive: true });
    this.nats.kill('SIGCONT');
  }

  /** While the server is down. */
  putBack(consumers: Consumers): void {
    const own = (...path: string[]): string => join(this.nats.streams, this.stream, ...path);
    const old = (...path: string[]): string => join(this.#copy, this.stream, ...path);
    const replace = (part: string): void => {
      rmSync(own(part), { recursive: true, force: true });
      if (existsSync(old(part))) cpSync(old(part), own(part), { recursive: true });
    };
    replace('msgs');
    if (consumers === 'rewound') replace('obs');
    if (consumers === 'gone') rmSync(own('obs'), { recursive: true, force: true });
  }

  /** Under the running server, or while it is down. */
  wipe(): void {
    rmSync(this.nats.streams, { recursive: true, force: true });
  }
}
