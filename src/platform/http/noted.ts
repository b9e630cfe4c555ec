import type { FastifyRequest } from 'fastify';

/**
 * Something that is noted of a request for later in its way. It stands on the request itself: a WeakMap of some thousand
 * requests a second costs more than what is noted in it.
 */
export class Noted<T> {
  readonly #key: symbol;

  constructor(what: string) {
    this.#key = Symbol(what);
  }

  of(request: FastifyRequest): T | undefined {
    return (request as unknown as Record<symbol, T | undefined>)[this.#key];
  }

  note(request: FastifyRequest, value: T): void {
    (request as unknown as Record<symbol, T | undefined>)[this.#key] = value;
  }
}
