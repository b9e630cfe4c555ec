import { Injectable } from '@nestjs/common';
import { digestOf, matches } from '../../platform/secrets/index.js';
import { KeyRing, type Key } from './key-ring.js';
import type { Principal } from './principal.js';
import { Tokens } from './tokens.js';

/** Longer than any credential of ours. */
const LONGEST_HEADER = 8_192;

/** What a guess at a key that does not exist is compared with, so that it takes as long as one that does. */
const NOBODY = digestOf('');

/** Reads the `Authorization` header: Basic with key id and secret, or Bearer with a token (`sunco.md` 2). */
@Injectable()
export class Authenticator {
  constructor(
    private readonly ring: KeyRing,
    private readonly tokens: Tokens,
  ) {}

  /** At once whenever the key is in memory and the token was proven before; `null`: refused. */
  principalOf(header: string | undefined): Principal | null | Promise<Principal | null> {
    if (header === undefined || header.length > LONGEST_HEADER) return null;
    const [, scheme, credential] = /^(basic|bearer) +(\S+)$/i.exec(header) ?? [];
    if (scheme === undefined || credential === undefined) return null;
    return scheme.toLowerCase() === 'basic' ? this.basic(credential) : this.tokens.principalOf(credential);
  }

  private basic(credential: string): Principal | null | Promise<Principal | null> {
    const pair = Buffer.from(credential, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    if (colon < 0) return null;
    const secret = pair.slice(colon + 1);
    const key = this.ring.find(pair.slice(0, colon));
    return key instanceof Promise ? key.then((read) => proven(read, secret)) : proven(key, secret);
  }
}

function proven(key: Key | null, secret: string): Principal | null {
  return matches(key?.digest ?? NOBODY, secret) && key !== null ? key.principal : null;
}
