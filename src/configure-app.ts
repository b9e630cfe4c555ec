import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FailureFilter, StrictBodyPipe } from './platform/http/index.js';

/** What the process and its tests share: how every request is read and every failure answered. */
export function configureApp(app: NestFastifyApplication): NestFastifyApplication {
  app.useGlobalPipes(new StrictBodyPipe());
  app.useGlobalFilters(new FailureFilter());
  return app;
}
