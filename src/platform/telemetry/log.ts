import { Injectable, type LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { Config } from '../config/index.js';

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
 * Nest's logger, written by pino: one JSON object a line, secrets blanked by name. Rooms use `new Logger(Room.name)`
 * and call `log.warn({ conversationId, err }, 'what happened')` or `log.warn('what happened')`.
 */
@Injectable()
export class Log implements LoggerService {
  readonly #pino: Logger;

  constructor({ logLevel }: Config, destination?: DestinationStream) {
    const options = { level: logLevel, redact: { paths, censor: '[redacted]' }, base: null };
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
    if (what instanceof Error) this.#pino[level]({ context, err: what }, what.message);
    else if (typeof what === 'object') this.#pino[level]({ context, ...what }, details.map(String).join(' '));
    else this.#pino[level]({ context, ...(details.length > 0 && { details }) }, String(what));
  }
}
