import { startRelay } from './relay.js';

/** A relay as a process of its own, to be killed: `node relay-main.js <database url> <nats url>`. */
const [databaseUrl, natsUrl] = process.argv.slice(2);
if (databaseUrl === undefined || natsUrl === undefined) throw new Error('database url and nats url are missing');
startRelay(databaseUrl, natsUrl);
