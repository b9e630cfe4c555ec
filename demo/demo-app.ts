import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The seeded demo app, as the server wrote it into its data directory at its first start. */
export interface DemoApp {
  readonly appId: string;
  readonly appKey: { readonly id: string; readonly secret: string };
}

export function demoApp(dataDir: string): DemoApp {
  const file = join(dataDir, 'demo.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DemoApp;
  } catch {
    throw new Error(`${file} cannot be read: start the server first (npm start), with the demo app on`);
  }
}
