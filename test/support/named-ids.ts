import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bodyFields } from './bodies.js';

/** A place in a request's body that names something: `POST /v2/apps/:appId/queues`, `overflow.queueId`. */
export interface NamedId {
  readonly route: string;
  readonly field: string;
}

/** Fields that name something without an `Id` at the end of their name. */
const NAMES = new Set(['switchboardIntegration', 'fallback']);
const names = (field: string): boolean => field === 'id' || /Ids?$/.test(field) || NAMES.has(field);

/** Every such place of every body. */
export const namedIds = (app: NestFastifyApplication): readonly NamedId[] =>
  bodyFields(app)
    .filter(({ field, nested }) => !nested && names(field.split('.').at(-1) ?? ''))
    .map(({ route, field }) => ({ route, field }));
