import { Module } from '@nestjs/common';
import { ConsumersModule } from '../consumers/index.js';
import { TenancyModule } from '../tenancy/index.js';
import { CsatListener } from './csat.listener.js';
import { Surveys } from './survey.store.js';
import { SurveysController } from './surveys.controller.js';

@Module({
  imports: [TenancyModule, ConsumersModule],
  controllers: [SurveysController],
  providers: [Surveys, CsatListener],
})
export class CsatModule {}
