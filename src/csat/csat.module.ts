import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { ConsumersModule } from '../consumers/index.js';
import { ConversationModule } from '../conversation/index.js';
import { acceptPageForms } from '../platform/http/index.js';
import { TenancyModule } from '../tenancy/index.js';
import { DueSurveys } from './asking/due-surveys.store.js';
import { SurveyDecisions } from './asking/survey-decisions.store.js';
import { SurveysSweep } from './asking/surveys.sweep.js';
import { CsatListener } from './csat.listener.js';
import { LinkedSurveys } from './page/linked-surveys.query.js';
import { SurveyPageController } from './page/survey-page.controller.js';
import { ScoresController } from './results/scores.controller.js';
import { ScoresQuery } from './results/scores.query.js';
import { SurveyExport } from './results/survey-export.js';
import { SurveysController } from './results/surveys.controller.js';
import { SurveysQuery } from './results/surveys.query.js';

/** Surveys of satisfaction: `asking/` decides and asks, `page/` is behind the link, `results/` is what came of it. */
@Module({
  imports: [TenancyModule, ConsumersModule, ConversationModule],
  controllers: [SurveysController, ScoresController, SurveyPageController],
  providers: [
    CsatListener,
    DueSurveys,
    LinkedSurveys,
    ScoresQuery,
    SurveyDecisions,
    SurveyExport,
    SurveysQuery,
    SurveysSweep,
  ],
})
export class CsatModule implements OnModuleInit {
  constructor(private readonly http: HttpAdapterHost) {}

  onModuleInit(): void {
    acceptPageForms(this.http.httpAdapter.getInstance<FastifyInstance>(), '/surveys/:token');
  }
}
