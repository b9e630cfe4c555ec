import { connect } from 'node:net';

/** What a nats-server says of itself before any command, or why it says nothing more. */
export interface Greeting {
  readonly server_name?: string;
  readonly jetstream?: boolean;
  readonly tls_verify?: boolean;
  /** It hangs up at once, such as for too many connections. */
  readonly refusal?: string;
}

/** `null`: nobody is there who greets. */
export function greetingOf(host: string, port: number): Promise<Greeting | null> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const done = (greeting: Greeting | null): void => {
      socket.destroy();
      resolve(greeting);
    };
    let text = '';
    socket.setTimeout(1_000, () => done(null));
    socket.on('error', () => done(null));
    socket.on('close', () => done(null));
    socket.on('data', (chunk) => {
      text += chunk.toString();
      const [, info, refusal] = /^(?:INFO (\{.*\})\s*|-ERR '(.*)')\r\n/.exec(text) ?? [];
      if (info !== undefined) done(JSON.parse(info) as Greeting);
      else if (refusal !== undefined) done({ refusal });
    });
  });
}
