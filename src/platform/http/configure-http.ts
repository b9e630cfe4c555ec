import type { INestApplication } from '@nestjs/common';
import { FailureFilter } from './failure.filter.js';
import { StrictBodyPipe } from './strict-body.pipe.js';

/** How every request is read and every failure answered, on an application made with `fastifyAdapter()`. */
export function configureHttp(app: INestApplication): void {
  app.useGlobalPipes(new StrictBodyPipe());
  app.useGlobalFilters(new FailureFilter());
}
