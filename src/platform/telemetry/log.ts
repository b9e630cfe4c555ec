import { types } from 'node:util';
import { Injectable, type LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config/index.js';
import { loggedError } from './errors.js';

/** Names under which something secret could be logged, at any of the depths we log at. */
const secretNames = [
  'authorization',
  '"x-api-key"',
  'cookie',
  'secret',
  'password',
  'token',
  'masterKey',
  'databaseUrl',
];
const paths = secretNames.flatMap((name) => {
  const key = name.startsWith('"') ? `[${name}]` : name;
  const below = name.startsWith('"') ? key : `.${key}`;
  return [key, `*${below}`, `*.*${below}`, `*.*.*${below}`];
});

/** What Nest says of its own start; only for those who look for it. */
const chatter = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

/**
 * Nest's logger, written by pino: one JSON object a line, written at once and kept nowhere, secrets blanked by name.
 * Rooms use `new Logger(Room.name)` and call `log.warn({ conversationId, err }, 'what happened')` or
 * `log.warn('what happened')`; what is tried again and again is told by `Troubles`.
 */
@Injectable()
export class Log implements LoggerService {
  readonly #pino: Logger;

  constructor({ logLevel }: Pick<Config, 'logLevel'>, destination?: DestinationStream) {
    const options = {
      level: logLevel,
      redact: { paths, censor: '[redacted]' },
      base: null,
      serializers: { err: (error: unknown) => loggedError(error) },
    };
    this.#pino = destination === undefined ? pino(options) : pino(options, destination);
  }

  fatal(what: unknown, ...rest: unknown[]): void {
    this.#write('fatal', what, rest);
  }

  error(what: unknown, ...rest: unknown[]): void {
    this.#write('error', what, rest);
  }

  warn(what: unknown, ...rest: unknown[]): void {
    this.#write('warn', what, rest);
  }

  log(what: unknown, ...rest: unknown[]): void {
    this.#write(chatter.has(String(rest.at(-1))) ? 'debug' : 'info', what, rest);
  }

  debug(what: unknown, ...rest: unknown[]): void {
    this.#write('debug', what, rest);
  }

  verbose(what: unknown, ...rest: unknown[]): void {
    this.#write('trace', what, rest);
  }

  /** Nest appends the context, the name of the room, as the last argument. */
  #write(
    level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace',
    what: unknown,
    rest: readonly unknown[],
  ): void {
    const context = rest.at(-1);
    const details = rest.slice(0, -1);
    if (types.isNativeError(what)) this.#pino[level]({ context, err: what }, what.message);
    else if (typeof what === 'object') this.#pino[level]({ context, ...what }, details.map(String).join(' '));
    else this.#pino[level]({ context, ...(details.length > 0 && { details }) }, String(what));
  }
}
