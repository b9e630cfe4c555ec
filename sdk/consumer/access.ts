import { readFileSync } from 'node:fs';
import {
  credsAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
  type Authenticator,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';
import type { AccessNames, NatsAccess } from './access-options.js';
import { certificates } from './certificates.js';
import { placesIn, type Login, type Places } from './places.js';

const OPTIONS: AccessNames = {
  servers: 'servers',
  user: 'user',
  password: 'password',
  token: 'token',
  credsFile: 'credsFile',
  nkeySeedFile: 'nkeySeedFile',
  caFile: 'caFile',
  certFile: 'certFile',
  keyFile: 'keyFile',
  inboxPrefix: 'inboxPrefix',
};
const SEED = /\bSU[A-Z2-7]{56}\b/;
const PREFIX = /^[\w-]+(\.[\w-]+)*$/;

/**
 * The client's options for these servers. Throws in one sentence, without a secret, where what is given contradicts
 * itself or a file cannot be used.
 */
export function wayIn(servers: string, access: NatsAccess = {}, names: AccessNames = OPTIONS): NodeConnectionOptions {
  const places = placesOf(servers, names);
  const authenticator = authenticatorOf(places, access, names);
  const tls = certificates(places, access, names);
  const { inboxPrefix } = access;
  if (inboxPrefix !== undefined && !PREFIX.test(inboxPrefix))
    throw new Error(`${names.inboxPrefix} must be words with dots between them, without a wildcard`);
  return {
    servers: [...places.servers],
    ...(authenticator && { authenticator }),
    ...(tls && { tls }),
    ...(inboxPrefix !== undefined && { inboxPrefix }),
  };
}

/** What the environment says, under the names that the server's own settings have. */
export function accessIn(environment: Readonly<Record<string, string | undefined>>): NatsAccess {
  const given = (name: string) => environment[name] || undefined;
  const secret = (name: string) => {
    const file = given(`${name}_FILE`);
    return given(name) ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim());
  };
  return {
    user: given('NATS_USER'),
    password: secret('NATS_PASSWORD'),
    token: secret('NATS_TOKEN'),
    credsFile: given('NATS_CREDS_FILE'),
    nkeySeedFile: given('NATS_NKEY_SEED_FILE'),
    caFile: given('NATS_CA_FILE'),
    certFile: given('NATS_CERT_FILE'),
    keyFile: given('NATS_KEY_FILE'),
    inboxPrefix: given('NATS_INBOX_PREFIX'),
  };
}

function placesOf(servers: string, names: AccessNames): Places {
  try {
    return placesIn(servers);
  } catch (error) {
    throw new Error(`${names.servers} ${(error as Error).message}`, { cause: error });
  }
}

function authenticatorOf({ login }: Places, access: NatsAccess, names: AccessNames): Authenticator | null {
  const { user, password, token, credsFile, nkeySeedFile } = access;
  if ((user === undefined) !== (password === undefined))
    throw new Error(`${names.user} and ${names.password} belong together: set both`);
  const ways = {
    [`the user in ${names.servers}`]: login && byLogin(login),
    [names.user]: user !== undefined && password !== undefined && usernamePasswordAuthenticator(user, password),
    [names.token]: token !== undefined && tokenAuthenticator(token),
    [names.credsFile]: credsFile !== undefined && credsAuthenticator(() => read(credsFile)),
    [names.nkeySeedFile]: nkeySeedFile !== undefined && nkeyAuthenticator(() => seedIn(nkeySeedFile)),
  };
  const [first, second] = Object.entries(ways).filter(([, way]) => way);
  if (first === undefined) return null;
  const [name, way] = first;
  if (second !== undefined) throw new Error(`${name} and ${second[0]} are two ways to log in to NATS: set one`);
  try {
    (way as Authenticator)('a nonce');
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
  return way as Authenticator;
}

const byLogin = (login: Login): Authenticator =>
  'token' in login ? tokenAuthenticator(login.token) : usernamePasswordAuthenticator(login.user, login.password);

/** With the line ends that the client's own reader knows. */
const read = (file: string): Uint8Array => new TextEncoder().encode(readFileSync(file, 'utf8').replaceAll('\r', ''));

function seedIn(file: string): Uint8Array {
  const [seed] = SEED.exec(readFileSync(file, 'utf8')) ?? [];
  if (seed === undefined) throw new Error('holds no seed of a user (SU...)');
  return new TextEncoder().encode(seed);
}
