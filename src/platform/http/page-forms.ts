import type { FastifyInstance } from 'fastify';
import { Failure } from '../../kernel/index.js';

/**
 * Lets one page take forms as browsers send them (`application/x-www-form-urlencoded`): an object of strings, the last
 * of a name that was sent twice. Every other route keeps to JSON. Called before the application listens.
 */
export function acceptPageForms(fastify: FastifyInstance, path: string): void {
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    ({ routeOptions }, body, done) => {
      if (routeOptions.url === path) done(null, Object.fromEntries(new URLSearchParams(String(body))));
      else done(new Failure('unsupported_media_type', 'The content type must be application/json'));
    },
  );
}
