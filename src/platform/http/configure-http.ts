import type { INestApplication } from '@nestjs/common';
import { FailureFilter } from './failure.filter.js';
import { KnownNamesGuard } from './known-names.guard.js';
import { StrictBodyPipe } from './strict-body.pipe.js';

/** How every request is read and every failure answered, on an application made with `fastifyAdapter()`. */
export function configureHttp(app: INestApplication): void {
  app.useGlobalGuards(new KnownNamesGuard());
  app.useGlobalPipes(new StrictBodyPipe());
  app.useGlobalFilters(new FailureFilter());
}
