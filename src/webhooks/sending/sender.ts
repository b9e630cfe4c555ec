import { request as plain, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as tls } from 'node:https';
import type { Millis } from '../../kernel/index.js';
import type { WebhookConfig } from '../../platform/config/config.js';
import { Connections } from './connections.js';
import { CredentialsKnown, countingOf, saysNo, type Credentials, type Secrets } from './credentials.js';
import { isSuccess, retryAfterMs, type Attempt } from './outcome.js';
import type { RetryPolicy } from './retry-policy.js';
import { signatures } from './signature.js';
import { TargetForbidden, type TargetGuard } from './target-guard.js';

/** Where a webhook is now: its target and secret may have changed since the delivery was made. */
export interface Endpoint extends Secrets {
  readonly target: string;
  /** Absent: the default of the house. */
  readonly retryPolicy?: RetryPolicy | null;
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
/** Of answers before the answer (1xx). */
const MOST_INTERIM = 100;
const endless = Object.assign(new Error('it never comes to its answer'), { code: 'ENDLESS_INTERIM_ANSWERS' });

/**
 * One POST, once; one more for each further secret of the webhook, while there are several and the receiver says no.
 * Always ends by `timeoutMs` with an `Attempt`, never throws. The status alone decides: an answer whose body
 * drips, breaks off or never ends has been given all the same, and what comes before the answer (any 1xx) is read over.
 * No redirects, no compression, nothing kept.
 */
export class Sender {
  readonly #connections: Connections;
  readonly #known = new CredentialsKnown();

  constructor(
    private readonly config: Pick<WebhookConfig, 'timeoutMs'>,
    private readonly guard: TargetGuard,
    /** Receivers refuse what is signed at a time that is not theirs. */
    private readonly now: () => Millis,
  ) {
    this.#connections = new Connections(guard, config.timeoutMs);
  }

  async send(endpoint: Endpoint, parcel: Parcel): Promise<Attempt> {
    let request: ClientRequest | undefined;
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      request?.destroy();
    }, this.config.timeoutMs);
    try {
      const url = this.guard.parse(endpoint.target);
      const [first, ...others] = this.#known.of(endpoint);
      const post = async (credentials: Credentials): Promise<Attempt> => {
        request = this.#open(url, credentials, parcel);
        const attempt = await outcomeOf(request, this.now);
        if (isSuccess(attempt)) this.#known.taken(endpoint, credentials);
        return attempt;
      };
      const noes: [Attempt, ...Attempt[]] = [await post(first)];
      for (const credentials of others) {
        if (!saysNo(noes[0])) break;
        if (isLate) return { kind: 'timeout' };
        const attempt = await post(credentials);
        if (!saysNo(attempt)) return attempt;
        noes.push(attempt);
      }
      return countingOf(noes);
    } catch (error) {
      return isLate ? { kind: 'timeout' } : failureOf(error);
    } finally {
      clearTimeout(limit);
    }
  }

  async close(): Promise<void> {
    this.#connections.close();
  }

  #open(url: URL, credentials: Credentials, parcel: Parcel): ClientRequest {
    const open = url.protocol === 'https:' ? tls : plain;
    const request = open(url, {
      agent: this.#connections.to(url),
      method: 'POST',
      headers: headersOf(credentials, parcel, this.now()),
      maxHeaderSize: HEADER_BYTES,
    });
    let interim = 0;
    request.on('information', () => {
      interim += 1;
      if (interim > MOST_INTERIM) request.destroy(endless);
    });
    // A connection may break after the status was given, when nobody waits for it any more.
    request.on('error', () => undefined);
    request.end(parcel.body);
    return request;
  }
}

async function outcomeOf(request: ClientRequest, now: () => Millis): Promise<Attempt> {
  const answer = await answerTo(request);
  await discard(answer);
  return {
    kind: 'answered',
    status: answer.statusCode as number,
    retryAfterMs: retryAfterMs(answer.headers['retry-after'] ?? null, now()),
  };
}

/** Also ends when the connection goes without an error, as it does where a receiver switches protocols unasked. */
function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answered = false;
    request.once('error', reject).once('response', (answer) => {
      answered = true;
      resolve(answer);
    });
    request.once('close', () => {
      // An error costs its stack, and every request closes.
      if (!answered) reject(Object.assign(new Error('closed before it answered'), { code: 'ECONNRESET' }));
    });
  });
}

function headersOf({ apiKey, signedBy }: Credentials, { eventId, body }: Parcel, now: Millis): Record<string, string> {
  const timestamp = Math.floor(now / 1000);
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Switchboard-Webhooks/1',
    'x-api-key': apiKey,
    'webhook-id': eventId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures(signedBy, eventId, timestamp, body),
  };
}

/** Reads a little of the body, then cuts the connection: no answer may hold us for long or fill our memory. */
async function discard(body: IncomingMessage): Promise<void> {
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

function failureOf(error: unknown): Attempt {
  if (error instanceof TargetForbidden) return { kind: 'forbidden', error: error.message };
  // Only code or name: messages of sockets name addresses behind the target.
  const { code, name } = error as { code?: unknown; name: string };
  return { kind: 'failed', error: typeof code === 'string' ? code : name };
}
