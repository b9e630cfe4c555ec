import { Agent as HttpAgent, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Millis } from '../../kernel/index.js';
import { TargetForbidden, type TargetGuard } from './target-guard.js';

type Given = (error: Error | null, socket: Duplex) => void;

/** A connection that nobody used for so long is closed; receivers close theirs after five seconds and more. */
const IDLE_MS: Millis = 4_000;
const KEPT = { keepAlive: true, timeout: IDLE_MS } as const;

/**
 * Connections to receivers, kept for a while. Each asks the guard for the addresses of its name, and is used only when
 * the guard allows the address that was reached (gates 2 and 3 of {@link TargetGuard}).
 */
export class Connections {
  readonly #plain: PlainConnections;
  readonly #tls: TlsConnections;

  /** `connectMs`: what is not connected by then is given up. */
  constructor(guard: TargetGuard, connectMs: Millis) {
    this.#plain = new PlainConnections(guard, connectMs);
    this.#tls = new TlsConnections(guard, connectMs);
  }

  to(url: URL): HttpAgent {
    return url.protocol === 'https:' ? this.#tls : this.#plain;
  }

  /** Cuts what is open. */
  close(): void {
    this.#plain.destroy();
    this.#tls.destroy();
  }
}

class PlainConnections extends HttpAgent {
  constructor(
    private readonly guard: TargetGuard,
    private readonly connectMs: Millis,
  ) {
    super(KEPT);
  }

  override createConnection(options: ClientRequestArgs, given: Given): undefined {
    const socket = super.createConnection({ ...options, lookup: this.guard.lookup }) as Socket;
    giveWhen('connect', socket, this.guard, this.connectMs, given);
  }
}

class TlsConnections extends HttpsAgent {
  constructor(
    private readonly guard: TargetGuard,
    private readonly connectMs: Millis,
  ) {
    super(KEPT);
  }

  /** The dot that may end a name belongs to no certificate and to no SNI (RFC 6066, 3). */
  override createConnection(options: ClientRequestArgs & { servername?: string }, given: Given): undefined {
    const { servername = '' } = options;
    const named = { ...options, servername: servername.replace(/\.$/, ''), lookup: this.guard.lookup };
    giveWhen('secureConnect', super.createConnection(named) as Socket, this.guard, this.connectMs, given);
  }
}

/** Gives the socket when it is there and may be used, else the reason why not; one that is too late is destroyed. */
function giveWhen(ready: string, socket: Socket, guard: TargetGuard, withinMs: Millis, given: Given): void {
  const settle = (error: Error | null): void => {
    clearTimeout(limit);
    socket.off('error', settle).off(ready, reached);
    // What fails after this belongs to nobody.
    if (error !== null) socket.on('error', () => undefined).destroy();
    given(error, socket);
  };
  const reached = (): void => {
    const isAllowed = guard.allows(socket.remoteAddress ?? '');
    settle(isAllowed ? null : new TargetForbidden('the connection reached a private address'));
  };
  const limit = setTimeout(() => settle(new Error('not connected in time')), withinMs);
  socket.once('error', settle).once(ready, reached);
}
