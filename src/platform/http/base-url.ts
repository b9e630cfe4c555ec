import type { FastifyRequest } from 'fastify';

/**
 * Where links begin. What a caller says of the host is theirs to say: it counts only where nobody told us our own
 * address.
 */
export const baseUrlOf = ({ server, protocol, host }: FastifyRequest): string =>
  server.publicUrl ?? `${protocol}://${host || 'localhost'}`;
