import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startDesk, type Desk } from '../../support/desk.js';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
}, 60_000);
afterAll(() => desk?.close());

it.each([
  'switchboard_outbox_unpublished',
  'switchboard_outbox_oldest_seconds',
  'switchboard_agent_departures_pending',
  'switchboard_agent_departures_oldest_seconds',
  'switchboard_removals_open',
  'switchboard_removals_oldest_seconds',
  'switchboard_routing_waiting',
  'switchboard_routing_oldest_seconds',
  'switchboard_timer_due',
  'switchboard_timer_oldest_seconds',
  'switchboard_webhook_deliveries_pending',
])('what waits can be read: %s', async (name) => {
  const body = await (await fetch(`${desk.started.url}/metrics`)).text();
  // A figure that cannot be read is left out.
  expect(body).toMatch(new RegExp(`^${name} \\d`, 'm'));
});
