import { Module } from '@nestjs/common';
import { DemoGuides } from '../banner.js';
import { ConversationModule } from '../conversation/index.js';
import { DirectoryModule } from '../directory/index.js';
import { IntegrationsModule } from '../integrations/index.js';
import { SwitchboardsModule } from '../switchboards/index.js';
import { Demo } from './demo.js';
import { DemoSeed } from './demo.seed.js';

/** Gives the banner its guide; nothing is made when the demo is switched off. */
@Module({
  imports: [ConversationModule, DirectoryModule, IntegrationsModule, SwitchboardsModule],
  providers: [DemoSeed, { provide: DemoGuides, useClass: Demo }],
  exports: [DemoGuides],
})
export class DemoModule {}
