import { Module } from '@nestjs/common';
import { IntegrationKeysController } from './integration-keys.controller.js';
import { IntegrationsController } from './integrations.controller.js';
import { IntegrationsService } from './integrations.service.js';
import { IntegrationsStore } from './integrations.store.js';
import { WebhookSecretsStore } from './webhook-secrets.store.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';
import { WebhooksStore } from './webhooks.store.js';

@Module({
  controllers: [IntegrationsController, IntegrationKeysController, WebhooksController],
  providers: [IntegrationsService, IntegrationsStore, WebhooksService, WebhooksStore, WebhookSecretsStore],
  exports: [IntegrationsService, IntegrationsStore],
})
export class IntegrationsModule {}
