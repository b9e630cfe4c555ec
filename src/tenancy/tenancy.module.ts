import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { ANSWER_BOX } from '../ledger/index.js';
import { SecretBox } from '../platform/secrets/index.js';
import { AppsController } from './apps/apps.controller.js';
import { AppsService } from './apps/apps.service.js';
import { AppsStore } from './apps/apps.store.js';
import { KnownApps } from './apps/known-apps.js';
import { AccessGuard } from './auth/access.guard.js';
import { Admission } from './auth/admission.js';
import { AgentsStore } from './auth/agents.store.js';
import { Authenticator } from './auth/authenticator.js';
import { DeclaredRoutes } from './auth/declared-routes.js';
import { Guesses } from './auth/guesses.js';
import { UserCalls } from './auth/user-calls.js';
import { KeyRing } from './auth/key-ring.js';
import { KnownAgents } from './auth/known-agents.js';
import { Tokens } from './auth/tokens.js';
import { AccountKey } from './keys/account-key.js';
import { AgentKeysController } from './keys/agent-keys.controller.js';
import { AppKeysController } from './keys/app-keys.controller.js';
import { KeysService } from './keys/keys.service.js';
import { KeysStore } from './keys/keys.store.js';
import { Pages } from './pages/pages.js';
import { ReadTurns } from './reads/read-turns.js';
import { ReadTurnsGuard } from './reads/read-turns.guard.js';

/** Apps, their keys, and the guard before every route. Global, because every room's routes name their scopes. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [AppsController, AppKeysController, AgentKeysController],
  providers: [
    AppsService,
    AppsStore,
    KnownApps,
    KeysService,
    KeysStore,
    KeyRing,
    AgentsStore,
    KnownAgents,
    Tokens,
    Authenticator,
    Admission,
    Guesses,
    UserCalls,
    AccountKey,
    DeclaredRoutes,
    Pages,
    ReadTurns,
    // In this order: whose turn it is depends on who calls.
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: ReadTurnsGuard },
    { provide: ANSWER_BOX, useExisting: SecretBox },
  ],
  exports: [
    Admission,
    Guesses,
    AppsService,
    KeysService,
    KeyRing,
    KnownAgents,
    AccountKey,
    Pages,
    ReadTurns,
    ANSWER_BOX,
  ],
})
export class TenancyModule {}
