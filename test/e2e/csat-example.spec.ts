import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { example } from '../../sdk/event-examples.spec-kit.js';
import type { SessionEnded } from '../../sdk/index.js';
import { newId } from '../../src/platform/ids.js';
import { ExampleProcess } from '../support/example-process.js';
import { startNats, type OwnServer } from '../support/servers.js';
import { EventStream } from '../support/stream.js';
import { until } from '../support/until.js';

describe('the CSAT service of the examples', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-csat-example-'));
  const file = join(folder, 'surveys.jsonl');
  let nats: OwnServer;
  let stream: EventStream;
  let csat: ExampleProcess;

  beforeAll(async () => {
    nats = await startNats();
    stream = await EventStream.open(nats.url);
    await stream.create();
    csat = new ExampleProcess('csat', nats.url, file);
    csat.start();
  });
  afterAll(async () => {
    await csat?.kill();
    await stream?.close();
    await nats?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('asks where the source says so and the end user can be reached, and nowhere else', async () => {
    const { csat: usual } = example('session.ended').data;
    const of = async (change: Partial<SessionEnded['csat']>): Promise<string> => {
      const sessionId = newId();
      await stream.publish(example('session.ended', { sessionId, csat: { ...usual, ...change } }, newId()));
      return sessionId;
    };
    const asked = [
      await of({ eligible: true, suppressedBecause: null, channelHint: 'email' }),
      await of({ eligible: true, suppressedBecause: null, channelHint: 'in_channel', askedBy: 'own' }),
    ];
    await of({ eligible: true, suppressedBecause: null, channelHint: 'none' });
    for (const suppressedBecause of ['no_response', 'abandoned_in_queue', 'agent_logout', 'inactive_expired'] as const)
      await of({ eligible: false, suppressedBecause, channelHint: 'in_channel' });
    await until(() => csat.acts().length >= 7, { what: 'all ends to be heard' });
    const written = readFileSync(file, 'utf8').trim().split('\n');
    const surveys = written.map((line) => JSON.parse(line) as { sessionId?: string }).filter((one) => one.sessionId);
    expect(surveys.map(({ sessionId }) => sessionId).toSorted()).toEqual(asked.toSorted());
  });
});
