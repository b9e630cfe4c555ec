import { Agent, errors, request, type Dispatcher } from 'undici';
import type { WebhookConfig } from '../../platform/config/config.js';
import { retryAfterMs, type Attempt } from './outcome.js';
import { signature } from './signature.js';
import { TargetForbidden, type TargetGuard } from './target-guard.js';

/** Where a webhook is now: its target and secret may have changed since the delivery was made. */
export interface Endpoint {
  readonly target: string;
  readonly secret: string;
  /** How long a delivery may be untaken while its integration holds control; absent: for ever. */
  readonly holderDeadlineSeconds?: number | null;
}

export interface Parcel {
  readonly eventId: string;
  readonly body: string;
}

/** Of an answer's body we want nothing; this much is read so that the connection can be used again. */
const BODY_BYTES = 64 * 1024;
const BODY_MS = 1_000;
const HEADER_BYTES = 16 * 1024;

/**
 * One POST, once. Always ends by `timeoutMs` with an `Attempt`, never throws. The status alone decides: an answer whose
 * body drips, breaks off or never ends has been given all the same. No redirects, no compression, nothing kept.
 */
export class Sender {
  readonly #agent: Agent;

  constructor(
    private readonly config: Pick<WebhookConfig, 'timeoutMs'>,
    private readonly guard: TargetGuard,
  ) {
    const { timeoutMs } = config;
    this.#agent = new Agent({
      connect: guard.connector(timeoutMs),
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxHeaderSize: HEADER_BYTES,
    });
  }

  async send(endpoint: Endpoint, parcel: Parcel): Promise<Attempt> {
    const limit = AbortSignal.timeout(this.config.timeoutMs);
    try {
      const answer = await request(this.guard.parse(endpoint.target), {
        dispatcher: this.#agent,
        method: 'POST',
        headers: headersOf(endpoint, parcel),
        body: parcel.body,
        signal: limit,
      });
      await discard(answer.body);
      const header = answer.headers['retry-after'];
      return {
        kind: 'answered',
        status: answer.statusCode,
        retryAfterMs: retryAfterMs(typeof header === 'string' ? header : null, Date.now()),
      };
    } catch (error) {
      return failureOf(error, limit.aborted);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function headersOf({ secret }: Endpoint, { eventId, body }: Parcel): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1000);
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Switchboard-Webhooks/1',
    'x-api-key': secret,
    'webhook-id': eventId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature(secret, eventId, timestamp, body),
  };
}

/** Reads a little of the body, then cuts the connection: no answer may hold us for long or fill our memory. */
async function discard(body: Dispatcher.ResponseData['body']): Promise<void> {
  const cut = setTimeout(() => body.destroy(), BODY_MS);
  try {
    let read = 0;
    for await (const chunk of body) {
      read += (chunk as Buffer).length;
      if (read > BODY_BYTES) break;
    }
  } catch {
    // Torn, endless or malformed: the status was given.
  } finally {
    clearTimeout(cut);
  }
}

function failureOf(error: unknown, limitReached: boolean): Attempt {
  if (error instanceof TargetForbidden) return { kind: 'forbidden', error: error.message };
  const late = error instanceof errors.HeadersTimeoutError || error instanceof errors.ConnectTimeoutError;
  if (limitReached || late) return { kind: 'timeout' };
  // Only code or name: messages of sockets name addresses behind the target.
  const { code, name } = error as { code?: unknown; name: string };
  return { kind: 'failed', error: typeof code === 'string' ? code : name };
}
