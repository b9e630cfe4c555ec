import type { Abstract, INestApplicationContext, Type } from '@nestjs/common';

/** A provider, or `null` when no module of this process has it. */
export function present<T>(app: INestApplicationContext, token: Abstract<T> | Type<T>): T | null {
  try {
    return app.get<T>(token, { strict: false });
  } catch (error) {
    if (error instanceof Error && error.constructor.name === 'UnknownElementException') return null;
    throw error;
  }
}
