import { remove, startKit } from './kit.mjs';

export default async function setUp() {
  const kit = await startKit();
  globalThis.switchboardTestKit = kit;
  // Jest ends at once on these; the servers are in sessions of their own and would stay.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      remove(kit.folder);
      process.exit(130);
    });
  }
  process.env.TEST_DATABASE_URL = kit.databaseUrl;
  process.env.TEST_NATS_URL = kit.natsUrl;
  process.env.TEST_TEMPLATE = kit.template;
  process.env.TEST_FOLDER = kit.folder;
  process.env.TEST_NATS_SERVER = kit.natsServer;
}
