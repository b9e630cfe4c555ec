/**
 * Who calls, proven. Three scopes are those of API keys; `user` is an end user with a token that the app's key signed,
 * good only on routes for end users (`sunco.md` 2).
 */
export type Principal = KeyPrincipal | UserPrincipal;

export type KeyPrincipal =
  | { readonly scope: 'account'; readonly keyId: string }
  | { readonly scope: 'app'; readonly keyId: string; readonly appId: string }
  | { readonly scope: 'integration'; readonly keyId: string; readonly appId: string; readonly integrationId: string };

export interface UserPrincipal {
  readonly scope: 'user';
  readonly keyId: string;
  readonly appId: string;
  readonly externalId: string;
}

export type Scope = Principal['scope'];
