import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Json } from './api.js';
import { natsUrl } from './nats-url.js';

/** A `session.ended` event as it was read off NATS. */
export interface Heard {
  readonly id: string;
  readonly subject: string;
  readonly data: Json;
}

export class Listener {
  readonly heard: Heard[] = [];

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (report: Heard & { kind: string }) => {
      if (report.kind === 'event') this.heard.push(report);
    });
  }

  static async start(dataDir: string): Promise<Listener> {
    const child = fork(fileURLToPath(new URL('listener.js', import.meta.url)), [natsUrl(dataDir)]);
    const listener = new Listener(child);
    await once(child, 'message');
    return listener;
  }

  stop(): void {
    this.child.disconnect();
  }
}
