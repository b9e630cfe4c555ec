import { Global, Module } from '@nestjs/common';
import { Config } from '../config/index.js';
import { Store } from '../postgres/index.js';
import { EmbeddedNats } from './embedded-nats.js';
import { Nats } from './nats.js';

/** Stops the nats-server that we run, if we run one; called late in the drain, after `Nats.close`. */
export class NatsServer {
  constructor(readonly embedded: EmbeddedNats | null) {}

  async stop(): Promise<void> {
    await this.embedded?.stop();
  }
}

@Global()
@Module({
  providers: [
    {
      provide: NatsServer,
      inject: [Config],
      useFactory: ({ natsUrl, dataDir }: Config) =>
        new NatsServer(
          natsUrl === null ? new EmbeddedNats(dataDir, (line) => process.stdout.write(`${line}\n`)) : null,
        ),
    },
    {
      provide: Nats,
      // Behind the database: a process that it refuses must not leave a nats-server behind.
      inject: [Config, NatsServer, Store],
      useFactory: ({ natsUrl }: Config, { embedded }: NatsServer) => {
        const servers = natsUrl?.split(',') ?? null;
        const nats = new Nats(async () => servers ?? (await embedded?.servers()) ?? null);
        nats.start();
        return nats;
      },
    },
  ],
  exports: [Nats, NatsServer],
})
export class NatsModule {}
