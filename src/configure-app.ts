import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Config } from './platform/config/index.js';
import { configureHttp, serveNoApi } from './platform/http/index.js';
import { Health, Log, Metrics, serveTelemetry } from './platform/telemetry/index.js';
import { planShutdown } from './shutdown.js';
import { answerPages, endReadOf, Pages } from './tenancy/index.js';

/**
 * What the process and its tests share: how every request is read and every failure answered, what machines may ask
 * about us, and how all of it stops. The application is made with `fastifyAdapter()` and `{ bodyParser: false }`.
 */
export function configureApp(app: NestFastifyApplication): NestFastifyApplication {
  app.useLogger(app.get(Log));
  configureHttp(app);
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  if (!app.get(Config).roles.has('api')) serveNoApi(fastify);
  fastify.addHook('onSend', (request, _reply, payload, done) => {
    endReadOf(request);
    done(null, payload);
  });
  answerPages(fastify, app.get(Pages));
  serveTelemetry(fastify, app.get(Health), app.get(Metrics));
  planShutdown(app);
  return app;
}
