import { isIPv6 } from 'node:net';
import { Injectable, Logger } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { Failure } from '../../kernel/index.js';
import { Config } from '../../platform/config/index.js';
import { Metrics } from '../../platform/telemetry/index.js';

const WINDOW_MS = 60_000;
/** About a megabyte. Beyond it the address that was first is forgotten first. */
const MOST_ADDRESSES = 10_000;

interface Window {
  readonly endsAt: number;
  guesses: number;
}

/**
 * Counts, by address and minute, calls with wrong credentials or with none, in this process; loopback is an address like
 * any other. Whoever proves who they are is not counted and not limited, also from an address that is.
 */
@Injectable()
export class Guesses {
  readonly #log = new Logger(Guesses.name);
  readonly #windows = new Map<string, Window>();
  readonly #most: number;
  readonly #refused;

  constructor({ guessesPerMinute }: Config, metrics: Metrics) {
    this.#most = guessesPerMinute;
    this.#refused = metrics.counter(
      'switchboard_http_guesses_total',
      'Calls with wrong credentials or with none: refused, or limited because their address had made too many.',
      ['outcome'],
    );
  }

  /** Counts one guess. Answers for how many seconds the address has had enough; `null`: it may go on. */
  count(ip: string): number | null {
    const address = addressOf(ip);
    const now = performance.now();
    const window = this.#windowOf(address, now);
    window.guesses += 1;
    const isLimited = this.#most > 0 && window.guesses > this.#most;
    this.#refused.inc({ outcome: isLimited ? 'limited' : 'refused' });
    if (!isLimited) return null;
    const forSeconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000));
    if (window.guesses === this.#most + 1)
      this.#log.warn(
        { address, guesses: this.#most, forSeconds },
        'an address has sent too many wrong credentials; what it sends without right ones is answered 429',
      );
    return forSeconds;
  }

  /** What whoever could not prove who they are is told: 401, or 429 with the time to wait. */
  refusalOf(ip: string): Failure {
    const retryAfterSeconds = this.count(ip);
    return retryAfterSeconds === null
      ? new Failure('unauthorized', 'Authorization is required')
      : new Failure('too_many_requests', 'Too many calls from this address had no right credentials. Slow down.', {
          retryAfterSeconds,
        });
  }

  #windowOf(address: string, now: number): Window {
    const known = this.#windows.get(address);
    if (known !== undefined && known.endsAt > now) return known;
    this.#windows.delete(address);
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined && this.#windows.size >= MOST_ADDRESSES) this.#windows.delete(oldest);
    const window: Window = { endsAt: now + WINDOW_MS, guesses: 0 };
    this.#windows.set(address, window);
    return window;
  }
}

/** Of IPv6 the network: whoever has one address there has all of them. */
function addressOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const parsed = ipaddr.process(ip);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
