export { IntegrationsModule } from './integrations.module.js';
export { IntegrationsService } from './integrations.service.js';
export { IntegrationsStore } from './integrations.store.js';
