/** What a NATS may ask of whoever comes. Files are read again at each connect, so that what is renewed there counts. */
export interface NatsAccess {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** A user's JWT with its seed, as `nsc` writes it. */
  readonly credsFile?: string | undefined;
  readonly nkeySeedFile?: string | undefined;
  /** PEM: whom to believe instead of the authorities of this machine. Asks for TLS. */
  readonly caFile?: string | undefined;
  /** PEM: our own certificate, with `keyFile`. Asks for TLS. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Where answers come, for users that may not hear `_INBOX.>`. */
  readonly inboxPrefix?: string | undefined;
}

/** What whoever sets them calls them, for messages. */
export type AccessNames = Readonly<Record<'servers' | keyof NatsAccess, string>>;
