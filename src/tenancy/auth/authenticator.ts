import { Injectable } from '@nestjs/common';
import { digestOf, matches } from '../../platform/secrets/index.js';
import { KeyRing, type Key, type KeyCredential } from './key-ring.js';
import { KnownAgents } from './known-agents.js';
import type { Credential, Principal } from './principal.js';
import { Tokens } from './tokens.js';

/** Longer than any credential of ours. */
const LONGEST_HEADER = 8_192;

/** What a guess at a key that does not exist is compared with, so that it takes as long as one that does. */
const NOBODY = digestOf('');

/** Reads the `Authorization` header: Basic with key id and secret, or Bearer with a token (`docs/wire.md` 2). */
@Injectable()
export class Authenticator {
  constructor(
    private readonly ring: KeyRing,
    private readonly tokens: Tokens,
    private readonly agents: KnownAgents,
  ) {}

  /** At once whenever the key is in memory and the token was proven before; `null`: refused. */
  principalOf(header: string | undefined): Principal | null | Promise<Principal | null> {
    if (header === undefined || header.length > LONGEST_HEADER) return null;
    const [, scheme, text] = /^(basic|bearer) +(\S+)$/i.exec(header) ?? [];
    if (scheme === undefined || text === undefined) return null;
    const credential = scheme.toLowerCase() === 'basic' ? this.basic(text) : this.tokens.credentialOf(text);
    return credential instanceof Promise
      ? credential.then((read) => this.standingOf(read))
      : this.standingOf(credential);
  }

  /** An agent must still be one. */
  private standingOf(credential: Credential | null): Principal | null | Promise<Principal | null> {
    return credential?.scope === 'agent' ? this.agents.principalOf(credential) : credential;
  }

  private basic(text: string): KeyCredential | null | Promise<KeyCredential | null> {
    const pair = Buffer.from(text, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    if (colon < 0) return null;
    const secret = pair.slice(colon + 1);
    const key = this.ring.find(pair.slice(0, colon));
    return key instanceof Promise ? key.then((read) => proven(read, secret)) : proven(key, secret);
  }
}

function proven(key: Key | null, secret: string): KeyCredential | null {
  return matches(key?.digest ?? NOBODY, secret) && key !== null ? key.principal : null;
}
