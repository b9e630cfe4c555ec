import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AppId } from '../../kernel/index.js';
import type { IdempotencyKey } from '../../ledger/index.js';
import { appIdOf, callerOf, requestOf } from './access.js';
import { idempotencyOf } from './idempotency.js';
import type { Principal } from './principal.js';

/** Who calls for which app, and under which key they may repeat it. */
export interface Call<Caller extends Principal = Principal> {
  readonly appId: AppId;
  readonly caller: Caller;
  readonly idempotency: IdempotencyKey | null;
}

export const CallOf = createParamDecorator((_: unknown, context: ExecutionContext): Call => {
  const request = requestOf(context);
  return { appId: appIdOf(request), caller: callerOf(request), idempotency: idempotencyOf(request) };
});
