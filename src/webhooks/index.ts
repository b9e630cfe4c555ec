export { DeliveryWriter } from './delivery.writer.js';
export { SealedSecrets } from './webhook-directory.query.js';
export { WebhooksModule } from './webhooks.module.js';
