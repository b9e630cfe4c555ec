import { randomUUID } from 'node:crypto';
import { nkeys } from '@nats-io/transport-node';

const TEXT = new TextEncoder();
type Keys = ReturnType<typeof nkeys.createUser>;

/** Of an account or a user: no limit. */
const UNLIMITED = { subs: -1, data: -1, payload: -1 };

/** A NATS in operator mode: the server trusts the operator, who vouches for accounts, which vouch for users. */
export class Operator {
  readonly #keys = nkeys.createOperator();
  readonly #account = nkeys.createAccount();
  readonly #system = nkeys.createAccount();

  /** What goes into the configuration of the server. */
  get configuration(): string {
    const limits = { ...UNLIMITED, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
    const jetstream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
    const system = this.#system.getPublicKey();
    const account = this.#account.getPublicKey();
    return `
operator: ${jwt(this.#keys, this.#keys.getPublicKey(), { type: 'operator', system_account: system })}
system_account: ${system}
resolver: MEMORY
resolver_preload: {
  ${system}: ${jwt(this.#keys, system, { type: 'account', limits })}
  ${account}: ${jwt(this.#keys, account, { type: 'account', limits: { ...limits, ...jetstream } })}
}`;
  }

  /** A creds file of a new user of the account, as `nsc` writes it. */
  creds(): string {
    const user = nkeys.createUser();
    const token = jwt(this.#account, user.getPublicKey(), { type: 'user', pub: {}, sub: {}, ...UNLIMITED });
    const part = (name: string, text: string) => `-----BEGIN ${name}-----\n${text}\n------END ${name}------\n`;
    return `${part('NATS USER JWT', token)}\n${part('USER NKEY SEED', seedOf(user))}`;
  }
}

export const seedOf = (keys: Keys): string => new TextDecoder().decode(keys.getSeed());

function jwt(issuer: Keys, subject: string, nats: object): string {
  const claims = {
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    name: 'test',
    sub: subject,
    nats: { ...nats, version: 2 },
  };
  const signed = [{ typ: 'JWT', alg: 'ed25519-nkey' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${Buffer.from(issuer.sign(TEXT.encode(signed))).toString('base64url')}`;
}
