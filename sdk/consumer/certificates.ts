import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity, createSecureContext, type PeerCertificate } from 'node:tls';
import type { NodeConnectionOptions } from '@nats-io/transport-node';
import type { AccessNames, NatsAccess } from './access-options.js';
import type { Places } from './places.js';

type Tls = NonNullable<NodeConnectionOptions['tls']>;

/** How to speak TLS, where it is asked for; `null`: as the server wants it. Throws where a file cannot be used. */
export function certificates({ servers, tls }: Places, access: NatsAccess, names: AccessNames): Tls | null {
  const { caFile, certFile, keyFile } = access;
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new Error(`${names.certFile} and ${names.keyFile} belong together: set both`);
  if (!tls && caFile === undefined && certFile === undefined) return null;
  if (caFile !== undefined) attempted(names.caFile, () => new X509Certificate(readFileSync(caFile)));
  if (certFile !== undefined && keyFile !== undefined) {
    attempted(names.certFile, () => new X509Certificate(readFileSync(certFile)));
    attempted(`${names.certFile} with ${names.keyFile}`, () =>
      createSecureContext({ cert: readFileSync(certFile), key: readFileSync(keyFile) }),
    );
  }
  const options = {
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
    checkServerIdentity: identityAmong(servers),
  };
  return options;
}

function attempted(what: string, use: () => unknown): void {
  try {
    use();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The client tells Node no name where a server is given by its address, and Node then asks the certificate for
 * "localhost". It must be for one of the addresses that were given.
 */
function identityAmong(servers: readonly string[]) {
  const hosts = servers.map((server) => server.replace(/:\d+$/, '').replaceAll(/[[\]]/g, ''));
  const addresses = hosts.filter((host) => isIP(host) !== 0);
  return (name: string, certificate: PeerCertificate): Error | undefined => {
    const asked = name === 'localhost' && !hosts.includes(name) ? addresses : [name];
    const faults = asked.map((host) => checkServerIdentity(host, certificate));
    return faults.includes(undefined) ? undefined : faults[0];
  };
}
