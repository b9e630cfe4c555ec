import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A TCP proxy on loopback that fails on demand, for one server. Put its `url` in place of the server's.
 *
 * Bytes pass until told otherwise; rules apply to every connection, those that stand and those to come, until `heal`.
 */
export interface Proxy {
  readonly port: number;
  /** The server's URL with this proxy's address. */
  readonly url: string;
  /** Connections open now. */
  readonly open: number;
  /** Resets every connection now; new ones pass. */
  cut(): void;
  /** Resets every connection and refuses new ones, as a server that is gone does. */
  refuse(): void;
  /** Takes bytes and answers nothing, as a lost route does: connections stay, nobody is told. */
  blackHole(): void;
  /**
   * Resets the connection once, when `matches` says yes to bytes of the client. They are forwarded; what the server
   * answers to them is not. Resolves once the server has closed its side too, so what it did with them is done.
   */
  cutAfterRequest(matches: (bytes: Buffer) => boolean): Promise<void>;
  /** Resets one connection after `count` more bytes from the server; those pass. */
  cutAfterBytes(count: number): Promise<void>;
  /** Everything passes again; connections that were black-holed are reset, because bytes of theirs are lost. */
  heal(): void;
  /** New connections lead to another server, as when an address moves; those there are stay. */
  moveTo(serverUrl: string): void;
  stop(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** The server's answers are dropped from here on. */
  mute: boolean;
}

interface Rule {
  /** Sees bytes of the client before they are forwarded. */
  readonly request?: (link: Link, bytes: Buffer) => boolean;
  /** Cuts what the server sends: how many of `bytes` still pass. */
  readonly answer?: (link: Link, bytes: Buffer) => number;
  readonly done: () => void;
}

/** Starts a proxy in front of the server of `serverUrl` (`postgres://`, `nats://`, `http://`). */
export async function startProxy(serverUrl: string): Promise<Proxy> {
  let target = new URL(serverUrl);
  const links = new Set<Link>();
  let mode: 'pass' | 'refuse' | 'blackHole' = 'pass';
  let rule: Rule | null = null;

  const drop = (link: Link): void => {
    link.client.resetAndDestroy();
    link.server.resetAndDestroy();
    links.delete(link);
  };
  const dropAll = (): void => links.forEach(drop);

  const server = createServer((client) => {
    if (mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    const link: Link = { client, server: upstream, mute: false };
    links.add(link);
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    client.on('data', (bytes) => {
      if (mode === 'blackHole' || link.mute) return;
      if (rule?.request?.(link, bytes) === true) {
        settleAfterServer(link, rule);
        rule = null;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (mode === 'blackHole' || link.mute) return;
      const pass = rule?.answer?.(link, bytes) ?? bytes.length;
      client.write(bytes.subarray(0, pass), () => {
        if (pass < bytes.length) drop(link);
      });
      if (pass === bytes.length) return;
      link.mute = true;
      rule?.done();
      rule = null;
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => drop(link));
      one.on('end', () => other.end());
      one.on('close', () => links.delete(link));
    }
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${port}`;

  return {
    port,
    url: url.href,
    get open() {
      return links.size;
    },
    cut: dropAll,
    refuse: () => {
      mode = 'refuse';
      dropAll();
    },
    blackHole: () => {
      mode = 'blackHole';
    },
    cutAfterRequest: (matches) =>
      new Promise((done) => {
        rule = { request: (_, bytes) => matches(bytes), done };
      }),
    cutAfterBytes: (count) => {
      let left = count;
      return new Promise((done) => {
        rule = {
          answer: (_, bytes) => {
            const pass = Math.min(left, bytes.length);
            left -= pass;
            return pass;
          },
          done,
        };
      });
    },
    heal: () => {
      if (mode === 'blackHole') dropAll();
      mode = 'pass';
      rule = null;
    },
    moveTo: (other) => {
      target = new URL(other);
    },
    stop: async () => {
      dropAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * The client's last bytes are on their way. It learns at once that the link is gone; the server reads them, finds the
 * end of the stream behind them, and closes when it has done what they ask.
 */
function settleAfterServer(link: Link, rule: Rule): void {
  link.mute = true;
  link.server.once('close', rule.done);
  setImmediate(() => {
    link.server.end();
    link.server.resume();
    link.client.removeAllListeners('end');
    link.client.removeAllListeners('error');
    link.client.on('error', () => undefined);
    link.client.resetAndDestroy();
  });
}

/** Whether bytes of a PostgreSQL client ask to commit, as a simple query or as a parsed statement. */
export function asksToCommit(bytes: Buffer): boolean {
  return /(^|[^a-z])commit([^a-z]|$)/i.test(bytes.toString('latin1'));
}
