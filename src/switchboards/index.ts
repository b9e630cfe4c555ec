export { SwitchboardIntegrationsService } from './switchboard-integrations.service.js';
export { SwitchboardsModule } from './switchboards.module.js';
export { SwitchboardsService } from './switchboards.service.js';
