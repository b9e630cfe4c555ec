import { expect, it, jest } from '@jest/globals';
import { Publishing } from '../../platform/nats/index.js';
import { Metrics } from '../../platform/telemetry/index.js';
import { relayMetrics } from './metrics.js';

it('the figures of a backlog are read once for all scrapes of a second', async () => {
  const backlog = jest.fn(async () => ({ rows: 5, oldestSeconds: 2 }));
  const metrics = new Metrics();
  relayMetrics(metrics, new Publishing(), backlog);
  const scrapes = await Promise.all(Array.from({ length: 20 }, () => metrics.text()));
  for (const { body } of scrapes) {
    expect(body).toContain('switchboard_outbox_unpublished 5');
    expect(body).toContain('switchboard_outbox_oldest_seconds 2');
  }
  expect(backlog).toHaveBeenCalledTimes(1);
});
