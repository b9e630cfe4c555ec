/** What URLs of NATS say: where it is, and how to get in. */
export interface Places {
  /** `host:port` each, as the client takes them. */
  readonly servers: readonly string[];
  /** One of them begins with `tls://`: nothing may go out in clear. */
  readonly tls: boolean;
  readonly login: Login | null;
}

export type Login = { readonly user: string; readonly password: string } | { readonly token: string };

/** A comma before another scheme; one within a password stays there. */
const BETWEEN = /,(?=\s*[a-z][a-z0-9+.-]*:\/\/)/i;
const HOST = /^(\[[0-9a-f:.]+\]|[\w.-]+)$/i;

/** Reads URLs separated by commas. Throws what is wrong with them, with nothing of them in it: they may hold a password. */
export function placesIn(urls: string): Places {
  const read = urls.split(BETWEEN).map(urlOf);
  const logins = new Map(read.map(loginOf).map((login) => [JSON.stringify(login), login]));
  logins.delete('null');
  if (logins.size > 1) throw new Error('names several users: give all its servers the same one');
  const [login = null] = logins.values();
  return {
    servers: read.map(({ hostname, port }) => `${hostname}:${port || '4222'}`),
    tls: read.some(({ protocol }) => protocol === 'tls:'),
    login,
  };
}

function urlOf(text: string): URL {
  const url = URL.parse(text.trim());
  if (url === null || !['nats:', 'tls:'].includes(url.protocol) || !HOST.test(url.hostname))
    throw new Error('must be a URL that begins with nats:// or tls://, or several of them separated by commas');
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '')
    throw new Error('takes a user, a host and a port, and nothing behind them');
  return url;
}

/** `user:password@`, or `token@`. */
function loginOf({ username, password }: URL): Login | null {
  if (username === '' && password === '') return null;
  if (username === '') throw new Error('has a password and no user');
  const [name, secret] = [decoded(username), decoded(password)];
  return secret === '' ? { token: name } : { user: name, password: secret };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('has a user or password in which "%" is not followed by two hex digits: write it as %25');
  }
}
