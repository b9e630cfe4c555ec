import { until } from './until.js';

/** Asks the inspector of a process that was started with `NODE_OPTIONS=--inspect=127.0.0.1:0`. */
export class Heap {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (result: Readonly<Record<string, number>>) => void>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data));
      this.#answers.get(id)?.(result);
      this.#answers.delete(id);
    });
  }

  /** @param output Reads what the process printed: the inspector says there where it listens. */
  static async of(output: () => string): Promise<Heap> {
    const url = await until(() => /ws:\/\/\S+/.exec(output())?.[0], { what: 'the inspector' });
    const socket = new WebSocket(url);
    await new Promise((opened, failed) => {
      socket.addEventListener('open', opened);
      socket.addEventListener('error', failed);
    });
    return new Heap(socket);
  }

  /** Bytes in use after everything that nobody holds is gone. */
  async used(): Promise<number> {
    await this.#ask('HeapProfiler.collectGarbage');
    await this.#ask('HeapProfiler.collectGarbage');
    const { usedSize = 0 } = await this.#ask('Runtime.getHeapUsage');
    return usedSize;
  }

  close(): void {
    this.#socket.close();
  }

  #ask(method: string): Promise<Readonly<Record<string, number>>> {
    const id = this.#next++;
    const answered = new Promise<Readonly<Record<string, number>>>((resolve) => this.#answers.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method }));
    return answered;
  }
}
