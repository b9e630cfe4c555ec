import { Module } from '@nestjs/common';
import { IntegrationsModule } from '../integrations/index.js';
import { SwitchboardIntegrationsController } from './switchboard-integrations.controller.js';
import { SwitchboardIntegrationsService } from './switchboard-integrations.service.js';
import { SwitchboardsController } from './switchboards.controller.js';
import { SwitchboardsService } from './switchboards.service.js';
import { SwitchboardsStore } from './switchboards.store.js';

@Module({
  imports: [IntegrationsModule],
  controllers: [SwitchboardsController, SwitchboardIntegrationsController],
  providers: [SwitchboardsService, SwitchboardIntegrationsService, SwitchboardsStore],
  exports: [SwitchboardsService, SwitchboardIntegrationsService],
})
export class SwitchboardsModule {}
