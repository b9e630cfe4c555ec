export { AppsService } from './apps/apps.service.js';
export type { App } from './apps/apps.store.js';
export { Allow, AppIdOf, Caller, callerOf, Public } from './auth/access.js';
export { Idempotency, idempotencyOf } from './auth/idempotency.js';
export { KeyRing } from './auth/key-ring.js';
export type { KeyPrincipal, Principal, Scope, UserPrincipal } from './auth/principal.js';
export { AccountKey } from './keys/account-key.js';
export { KeysService, type NewKey } from './keys/keys.service.js';
export { TenancyModule } from './tenancy.module.js';
