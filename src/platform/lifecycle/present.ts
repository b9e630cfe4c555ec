import type { Abstract, INestApplicationContext, Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

/**
 * A provider, or `null` when no module of this process has it. Asks the module, not the application: what
 * `NestFactory` made logs an error for every provider it does not find.
 */
export function present<T>(app: INestApplicationContext, token: Abstract<T> | Type<T>): T | null {
  try {
    return app.get(ModuleRef).get<T>(token, { strict: false });
  } catch (error) {
    if (error instanceof Error && error.constructor.name === 'UnknownElementException') return null;
    throw error;
  }
}
