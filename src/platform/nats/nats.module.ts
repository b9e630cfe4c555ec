import { Global, Module } from '@nestjs/common';
import { Config } from '../config/index.js';
import { Store } from '../postgres/index.js';
import { EmbeddedNats } from './embedded-nats.js';
import { Nats } from './nats.js';
import { Publishing } from './publishing.js';

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
      useFactory: ({ natsUrl, natsAccess }: Config, { embedded }: NatsServer) => {
        const servers = natsUrl === null ? null : [natsUrl];
        const nats = new Nats(async () => servers ?? (await embedded?.servers()) ?? null, natsAccess);
        nats.start();
        return nats;
      },
    },
    { provide: Publishing, useFactory: () => new Publishing() },
  ],
  exports: [Nats, NatsServer, Publishing],
})
export class NatsModule {}
