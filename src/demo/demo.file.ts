import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The demo app as `<dataDir>/demo.json` tells it, readable by the owner of the process only. */
export interface DemoFile {
  readonly appId: string;
  readonly appKey: DemoKey;
  readonly switchboardId: string;
  /** By the name of its switchboard integration. */
  readonly integrations: Readonly<Record<'faq-bot' | 'desk', DemoIntegration>>;
  readonly webIntegrationId: string;
  readonly user: { readonly id: string; readonly externalId: string };
  readonly conversationId: string;
}

export interface DemoKey {
  readonly id: string;
  readonly secret: string;
}

export interface DemoIntegration {
  readonly integrationId: string;
  readonly switchboardIntegrationId: string;
  readonly key: DemoKey;
}

const NAME = 'demo.json';

/** `null`: there is none yet. */
export function readDemo(dataDir: string): DemoFile | null {
  try {
    return JSON.parse(readFileSync(join(dataDir, NAME), 'utf8')) as DemoFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all. With servers and a key from elsewhere nothing else has made the directory. */
export function writeDemo(dataDir: string, demo: DemoFile): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const fresh = join(dataDir, `${NAME}.new`);
  writeFileSync(fresh, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(fresh, join(dataDir, NAME));
}
