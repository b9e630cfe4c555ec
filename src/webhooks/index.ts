export { FailOverModule } from './fail-over.module.js';
export { DeliveryWriter } from './rendering/delivery.writer.js';
export { WebhooksModule } from './webhooks.module.js';
