import type { Server } from 'node:http';

const LOOK_AGAIN_MS = 20;

/**
 * Stops listening and waits for the requests in flight. A kept-alive connection is closed as soon as it is idle: left
 * alone, it would hold the server open until its own timeout.
 */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_AGAIN_MS);
  await closed.finally(() => clearInterval(idle));
}
