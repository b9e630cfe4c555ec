import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../kernel/index.js';
import { baseUrlOf, beforeTheBody } from '../platform/http/index.js';
import { Admission, type Door } from '../tenancy/index.js';
import { OPERATIONS_PAGE, serveOperationsPage } from './operations-page.js';
import { routePathOf, wireOperations, type WireOperation } from './operations.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation of the wire that this route only says to be missing. */
    readonly missing?: WireOperation;
  }
}

/** What is missing does nothing, so whoever works for the app may be told; end users and agents have APIs of their own. */
const DOOR: Door = { scopes: new Set(['account', 'app', 'integration']), roles: null, grant: null };

/**
 * Answers 501 for every operation of the wire that no route serves, to whoever may call for the app (to everybody where the
 * wire asks nobody who they are), so that a bot that moves here can tell it from a typo. A route that is added takes its operation out by being there. The answer comes
 * before the body is read: uploads are no JSON.
 */
@Injectable()
export class MissingOperations implements OnApplicationBootstrap {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly admission: Admission,
  ) {}

  /** Behind the routes of all controllers, and before the server listens. */
  onApplicationBootstrap(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    serveOperationsPage(fastify);
    for (const operation of wireOperations) {
      const served = fastify.hasRoute({ method: operation.method, url: routePathOf(operation) });
      if (!served) this.tell(fastify, operation);
    }
  }

  private tell(fastify: FastifyInstance, missing: WireOperation): void {
    const refuse = async (request: FastifyRequest): Promise<void> => {
      if (!missing.public) await this.admission.admit(request, DOOR);
      throw notImplemented(missing, request);
    };
    fastify.route({
      method: missing.method,
      url: routePathOf(missing),
      config: { missing },
      onRequest: beforeTheBody(refuse),
      handler: refuse,
    });
  }
}

function notImplemented({ operationId }: WireOperation, request: FastifyRequest): Failure {
  const title = `${operationId} is not there in this version. What is: ${baseUrlOf(request)}/${OPERATIONS_PAGE}`;
  return new Failure('not_implemented', title, { fields: { operation: operationId } });
}
