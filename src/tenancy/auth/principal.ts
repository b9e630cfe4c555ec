import type { AgentId, Role } from '../../kernel/index.js';
import type { Grant } from './grants.js';

/**
 * Who calls, proven. Three scopes are those of API keys; `user` is an end user with a token that the app's key signed,
 * good only on routes for end users (`docs/wire.md` 2); `agent` is a human who answers, with a key of their own or a
 * token that the app's key signed.
 */
export type Principal = KeyPrincipal | UserPrincipal | AgentPrincipal;

export type KeyPrincipal =
  | { readonly scope: 'account'; readonly keyId: string }
  | AppPrincipal
  | { readonly scope: 'integration'; readonly keyId: string; readonly appId: string; readonly integrationId: string };

export interface AppPrincipal {
  readonly scope: 'app';
  readonly keyId: string;
  readonly appId: string;
  readonly grants: readonly Grant[];
}

export interface UserPrincipal {
  readonly scope: 'user';
  readonly keyId: string;
  readonly appId: string;
  readonly externalId: string;
  /** What the token says of them beside. */
  readonly name: string | null;
  readonly email: { readonly value: string; readonly verified: boolean } | null;
}

/** An agent who is there, active, and has this role and these teams now: read at most four seconds ago. */
export interface AgentPrincipal {
  readonly scope: 'agent';
  readonly keyId: string;
  readonly appId: string;
  readonly agentId: AgentId;
  readonly role: Role;
  readonly teams: readonly string[];
}

export type Scope = Principal['scope'];

/** The agent that a credential names: by our id, or by the business' own. Whether there is one is asked at each use. */
export interface AgentCredential {
  readonly scope: 'agent';
  readonly keyId: string;
  readonly appId: string;
  readonly names: { readonly by: 'id' | 'externalId'; readonly value: string };
}

/** What a key or a token proves by itself. */
export type Credential = KeyPrincipal | UserPrincipal | AgentCredential;
