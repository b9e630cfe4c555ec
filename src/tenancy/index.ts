export { Allow, AppIdOf, Caller, callerOf, Public } from './access.js';
export { Idempotency, idempotencyOf } from './idempotency.js';
export type { KeyPrincipal, Principal, Scope, UserPrincipal } from './principal.js';
