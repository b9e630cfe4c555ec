import { createServer, type AddressInfo } from 'node:net';

/** A loopback port that is free now: `wanted` if it is, else any. Another may take it before us, so users try again. */
export async function freePort(wanted = 0): Promise<number> {
  return listenOn(wanted).catch(() => listenOn(0));
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
