import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AgentLedger } from './agents/index.js';
import { Ledger } from './ledger/index.js';
import { closeServer, Drain, present } from './platform/lifecycle/index.js';
import { Nats, NatsServer } from './platform/nats/index.js';
import { Db, Store } from './platform/postgres/index.js';

/**
 * The whole shutdown on one page (stages: `platform/lifecycle`). Rooms that run something stop it in Nest's own hooks
 * (`onModuleDestroy`, `beforeApplicationShutdown`), which are called at `workers` while the ledger, PostgreSQL and NATS
 * still work; Nest alone would call them at once and cut requests off.
 */
export function planShutdown(app: NestFastifyApplication): void {
  const drain = app.get(Drain);
  const ledger = present(app, Ledger);
  const agents = present(app, AgentLedger);
  drain.add('intake', 'HTTP', () => closeServer(app.getHttpServer()));
  drain.add('workers', 'relays, lanes, timers, consumers', () => app.close());
  if (ledger) drain.add('ledger', 'ledger', (withinMs) => ledger.drain(withinMs));
  if (agents) drain.add('ledger', 'ledger of agents', (withinMs) => agents.drain(withinMs));
  drain.add('connections', 'NATS', () => app.get(Nats).close());
  drain.add('connections', 'PostgreSQL', () => app.get(Db).close());
  drain.add('servers', 'nats-server', () => app.get(NatsServer).stop());
  drain.add('servers', 'postgres', () => app.get(Store).stop());
}
