export { OutboxDays, type Housekeeping } from './days.js';
export { NO_RELAY_METRICS, relayMetrics, type RelayMetrics } from './metrics.js';
export { OutboxRelay, RELAY_DEFAULTS, type RelayOptions } from './outbox.relay.js';
export { OutboxStore, type Backlog } from './outbox.store.js';
export type { Publisher } from './stream.js';
export { outboxWriter, type HandOver, type OutboxMessage, type OutboxRow } from './writer.js';
