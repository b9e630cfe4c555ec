export { DeliveryWriter } from './delivery.writer.js';
export { WebhooksModule } from './webhooks.module.js';
