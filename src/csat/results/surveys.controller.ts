import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SurveyLinks } from '../../conversation/index.js';
import type { AppId } from '../../kernel/index.js';
import { pageOf, paged, type Query as QueryString, TakesQuery } from '../../platform/http/index.js';
import { readerOf, type ReadingCaller } from '../../reading/index.js';
import { Allow, AppIdOf, Caller } from '../../tenancy/index.js';
import { SURVEY_FILTERS, surveyFilter } from './asked.js';
import { SurveyExport } from './survey-export.js';
import { surveyView } from './survey-view.js';
import { SurveysQuery } from './surveys.query.js';

/**
 * One survey per ended session: those that are asked, with their answers, and those that are not with their reason.
 * Agents read those about their own work, supervisors those about their teams; none of them gets a link to answer by.
 */
@Allow('account', 'app', 'agent')
@Controller('v2/apps/:appId/surveys')
export class SurveysController {
  constructor(
    private readonly surveys: SurveysQuery,
    private readonly links: SurveyLinks,
    private readonly exports: SurveyExport,
  ) {}

  /** `filter[status]`, `filter[agentId]`, `filter[sessionId]`. */
  @Get()
  @TakesQuery({ filter: SURVEY_FILTERS, page: true })
  async list(
    @AppIdOf() appId: AppId,
    @Caller() caller: ReadingCaller,
    @Query() query: QueryString,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const filter = surveyFilter(query);
    const page = pageOf(query);
    const reader = readerOf(caller);
    const { items, ...rest } = paged(request, page, await this.surveys.ofApp(appId, filter, page, reader));
    const linkTo = (id: string, until: number) => (reader === null ? this.links.urlOf(id, until) : null);
    return { surveys: items.map((survey) => surveyView(survey, linkTo)), ...rest };
  }

  /** The same as CSV, all of them. */
  @Get('export')
  @TakesQuery({ filter: SURVEY_FILTERS })
  export(
    @AppIdOf() appId: AppId,
    @Caller() caller: ReadingCaller,
    @Query() query: QueryString,
    @Res() reply: FastifyReply,
  ): void {
    void reply
      .headers({
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': `attachment; filename="surveys-${appId}.csv"`,
      })
      .send(this.exports.csv(appId, surveyFilter(query), readerOf(caller)));
  }
}
