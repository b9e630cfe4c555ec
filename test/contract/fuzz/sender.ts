import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

/** An answer, or that there was none. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly ms: number;
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

/** Sends requests as they are: nothing is encoded, mended or followed on the way. */
export class Sender {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 2 });

  constructor(private readonly url: string) {}

  send({ method, path, headers, body }: Sent): Promise<Answered> {
    const { hostname, port } = new URL(this.url);
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const length = body === null ? {} : { 'content-length': String(body.length) };
      const options = { agent: this.#agent, hostname, port, method, path, headers: { ...headers, ...length } };
      let answered = false;
      const sending = request(options, (response) => {
        answered = true;
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const type = response.headers['content-type'] ?? '';
          resolve({ status: response.statusCode ?? 0, type, text, ms: performance.now() - began });
        });
      });
      // A server may answer before it has read the whole body, and close.
      sending.on('error', (error) => answered || reject(error));
      sending.setTimeout(10_000, () => sending.destroy(new Error('no answer in 10 s')));
      sending.end(body ?? undefined);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
