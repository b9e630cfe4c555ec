import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';

/**
 * Below the ports that systems lend to outgoing connections (from 32768 on Linux): a server that is down for a moment
 * finds its port still free when it comes back.
 */
const LOWEST = 20_000;
const HIGHEST = 32_767;
const TRIES = 20;

/** A loopback port that is free now: `wanted` if it is, else any. Another may take it before us, so users try again. */
export async function freePort(wanted = 0): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = attempt === 0 && wanted !== 0 ? wanted : randomInt(LOWEST, HIGHEST + 1);
    const free = await listenOn(port).catch(() => null);
    if (free !== null) return free;
  }
  return listenOn(0);
}

function listenOn(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: given } = server.address() as AddressInfo;
      server.close(() => resolve(given));
    });
  });
}
