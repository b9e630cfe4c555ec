import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { forNobodyYet } from '../postgres/index.js';
import { answering } from '../telemetry/request-in-hand.js';

/**
 * The hooks of a route that answers without its body, whatever that is: `answer` finds what guards and handlers find
 * (`adapter.ts`).
 */
export const beforeTheBody = (answer: (request: FastifyRequest) => Promise<void>): onRequestHookHandler[] => [
  (request, _reply, done) => answering(request, done),
  (_request, _reply, done) => forNobodyYet(done),
  async (request) => answer(request),
];
