export { DeliveryWriter } from './rendering/delivery.writer.js';
export { WebhooksModule } from './webhooks.module.js';
