import { Controller, Get, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AppId } from '../kernel/index.js';
import { isoTime } from '../platform/clock/index.js';
import { pageOf, paged, type Query as QueryString } from '../platform/http/index.js';
import { Allow, AppIdOf } from '../tenancy/index.js';
import { Surveys } from './survey.store.js';

/** The surveys that are due, and those that are not with their reason, one per ended session. */
@Allow('account', 'app')
@Controller('v2/apps/:appId/surveys')
export class SurveysController {
  constructor(private readonly surveys: Surveys) {}

  @Get()
  async list(@AppIdOf() appId: AppId, @Query() query: QueryString, @Req() request: FastifyRequest): Promise<object> {
    const page = pageOf(query);
    const { items, ...rest } = paged(request, page, await this.surveys.ofApp(appId, page));
    return { surveys: items.map((survey) => ({ ...survey, createdAt: isoTime(survey.createdAt) })), ...rest };
  }
}
