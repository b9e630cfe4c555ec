import { isWithin, parseId } from '../../kernel/index.js';
import { isGranted } from './grants.js';
import type { KeyCredential } from './key-ring.js';
import type { AgentCredential, AppPrincipal, Credential, UserPrincipal } from './principal.js';

const EXTERNAL_ID = { least: 1, most: 1024 };

type Claims = Readonly<Record<string, unknown>>;

/**
 * Whom the token of a key speaks for: the key itself, when `scope` is the key's (`docs/wire.md` 2); with an app's key
 * also an end user (`scope: 'user'` and `external_id`, `name`, `email` and `email_verified` if it has them) or an agent
 * (`scope: 'agent'` and one of `agent_id`, `external_id`).
 * A key can give nothing that it does not have: users need a whole key, agents one with the grant `agents`. `null`:
 * nobody.
 */
export function credentialOf(principal: KeyCredential, claims: Claims): Credential | null {
  if (claims['scope'] === principal.scope) return principal;
  if (principal.scope !== 'app') return null;
  if (claims['scope'] === 'user') return userOf(principal, claims);
  return claims['scope'] === 'agent' ? agentOf(principal, claims) : null;
}

function userOf({ keyId, appId, grants }: AppPrincipal, claims: Claims): UserPrincipal | null {
  const { external_id: externalId } = claims;
  if (!isGranted(grants, null) || !isExternalId(externalId)) return null;
  return { scope: 'user', keyId, appId, externalId, name: nameOf(claims), email: emailOf(claims) };
}

const NAME = { least: 1, most: 128 };
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,63}$/u;

/** A name that a profile could not hold is none: the token is good without it. */
function nameOf({ name }: Claims): string | null {
  const text = isStorable(name) ? name.trim() : '';
  return isWithin(text, NAME) ? text : null;
}

function emailOf({ email, email_verified: verified }: Claims): UserPrincipal['email'] {
  return isStorable(email) && EMAIL.test(email) ? { value: email, verified: verified === true } : null;
}

function agentOf({ keyId, appId, grants }: AppPrincipal, claims: Claims): AgentCredential | null {
  const { agent_id: id, external_id: externalId } = claims;
  if (!isGranted(grants, 'agents') || (id === undefined) === (externalId === undefined)) return null;
  const agentId = parseId<string>(id);
  if (agentId !== null) return { scope: 'agent', keyId, appId, names: { by: 'id', value: agentId } };
  if (!isExternalId(externalId)) return null;
  return { scope: 'agent', keyId, appId, names: { by: 'externalId', value: externalId } };
}

/** What an external id may be in a body it may be in a token, and what could not be stored is nobody. */
function isExternalId(value: unknown): value is string {
  return isStorable(value) && isWithin(value, EXTERNAL_ID);
}

const isStorable = (value: unknown): value is string =>
  typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
