import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A target that webhooks may not reach. Its message says which gate refused, never what lies behind it. */
export class TargetForbidden extends Error {
  override readonly name = 'TargetForbidden';
}

type Resolve = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Keeps webhooks from reaching into private networks (finding 10 of `docs/invariants.md`). Three gates, because
 * sockets ask no `lookup` about addresses written as such, and because a name may answer differently each time:
 *
 * 1. `parse`: the URL, and its host when that is an address in any spelling;
 * 2. `lookup`: every address a name resolves to must be allowed, not only the one that is used;
 * 3. `Connections`: the address the socket really reached, before a byte is sent.
 *
 * Allowed is public unicast, and what `SWITCHBOARD_WEBHOOK_ALLOW` lists: bots often live on private networks.
 */
export class TargetGuard {
  readonly #allowed: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
  readonly #resolve: Resolve;

  constructor(allow: readonly string[], resolve: Resolve = systemLookup) {
    this.#allowed = allow.map((range) => ipaddr.parseCIDR(range));
    this.#resolve = resolve;
  }

  /** Gate 1. Throws `TargetForbidden`. */
  parse(target: string): URL {
    const url = URL.parse(target);
    if (!url) throw new TargetForbidden('the target is not a URL');
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TargetForbidden('the target is not http(s)');
    if (url.username !== '' || url.password !== '') throw new TargetForbidden('the target carries credentials');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(host) && !this.allows(host)) throw new TargetForbidden('the target is a private address');
    return url;
  }

  /** Gate 2, in the shape sockets ask for. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const [first] = addresses;
      if (!first) return callback(new TargetForbidden('the target has no address'), []);
      if (!addresses.every(({ address }) => this.allows(address))) {
        return callback(new TargetForbidden('the target resolves to a private address'), []);
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };

  /** Whether webhooks may reach this address; what is no address is not allowed. */
  allows(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    // `process` turns ::ffff:10.0.0.1 into the IPv4 address that would be reached.
    const address = ipaddr.process(text);
    return isPublic(address) || this.#allowed.some(([range, bits]) => within(address, range, bits));
  }
}

/** Public unicast. In IPv6 that is 2000::/3 alone: it leaves out what the ranges have no name for, such as ::7f00:1. */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return isV4(address) || ((address.parts[0] ?? 0) & 0xe000) === 0x2000;
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, range: ipaddr.IPv4 | ipaddr.IPv6, bits: number): boolean {
  if (isV4(address)) return isV4(range) && address.match(range, bits);
  return !isV4(range) && address.match(range, bits);
}

function isV4(address: ipaddr.IPv4 | ipaddr.IPv6): address is ipaddr.IPv4 {
  return address.kind() === 'ipv4';
}
