import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../kernel/index.js';
import { root } from '../platform/root.js';

/** Where people read which operations are served, and how far: below the folder of the installation, and of every server. */
export const OPERATIONS_PAGE = 'docs/operations-of-the-wire.md';

/** The page that answers about missing operations link to. It is the same for everybody, so nobody is asked for a key. */
export function serveOperationsPage(fastify: FastifyInstance): void {
  fastify.get(`/${OPERATIONS_PAGE}`, async (_request, reply) => {
    const page = await readFile(join(root, OPERATIONS_PAGE), 'utf8').catch((cause: unknown) => {
      throw new Failure('not_found', 'This installation has no docs', { cause });
    });
    return reply.type('text/plain; charset=utf-8').send(page);
  });
}
