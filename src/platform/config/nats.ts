import { wayIn, type AccessNames, type NatsAccess } from '../../../sdk/index.js';
import type { StreamLimits } from './config.js';
import { ConfigError, type Settings } from './read.js';

/** The settings behind what the client is told. */
const NAMES = {
  servers: 'NATS_URL',
  user: 'NATS_USER',
  password: 'NATS_PASSWORD',
  token: 'NATS_TOKEN',
  credsFile: 'NATS_CREDS_FILE',
  nkeySeedFile: 'NATS_NKEY_SEED_FILE',
  caFile: 'NATS_CA_FILE',
  certFile: 'NATS_CERT_FILE',
  keyFile: 'NATS_KEY_FILE',
  inboxPrefix: 'NATS_INBOX_PREFIX',
} as const satisfies AccessNames;

type Named = Exclude<keyof typeof NAMES, 'servers'>;

/** Where NATS is and how to get in; `url` is `null` where we run one of our own, which asks for nothing. */
export function natsPlace(settings: Settings): { readonly url: string | null; readonly access: NatsAccess } {
  const url = settings.text(NAMES.servers);
  const { servers: _, ...names } = NAMES;
  const access: Partial<Record<Named, string>> = {};
  for (const [option, name] of Object.entries(names) as [Named, (typeof NAMES)[Named]][]) {
    const value = settings.text(name);
    if (value === null) continue;
    if (url === null) throw new ConfigError(`${name} is set and NATS_URL is not: say which NATS it is for`);
    access[option] = value;
  }
  if (url === null) return { url, access };
  try {
    wayIn(url, access, NAMES);
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
  return { url, access };
}

export function streamLimits(settings: Settings): StreamLimits {
  return {
    replicas: settings.optionalInteger('SWITCHBOARD_STREAM_REPLICAS', 1, 5),
    maxAgeHours: settings.optionalInteger('SWITCHBOARD_STREAM_MAX_AGE_HOURS', 1, 87_600),
    maxBytes: settings.optionalInteger('SWITCHBOARD_STREAM_MAX_BYTES', 1_048_576, 999_999_999_999),
  };
}
