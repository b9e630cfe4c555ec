import { Controller, Get, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AppId } from '../../kernel/index.js';
import { pageOf, paged, type Query as QueryString, TakesQuery } from '../../platform/http/index.js';
import { Allow, AppIdOf, Roles } from '../../tenancy/index.js';
import { BacklogQuery } from './backlog.query.js';

/** Who waits where, for those who direct the agents. */
@Allow('account', 'app', 'agent')
@Roles('supervisor', 'admin')
@Controller('v2/apps/:appId/routing/waiting')
export class BacklogController {
  constructor(private readonly backlog: BacklogQuery) {}

  @Get()
  @TakesQuery({ page: true })
  async list(@AppIdOf() appId: AppId, @Query() query: QueryString, @Req() request: FastifyRequest): Promise<object> {
    const page = pageOf(query);
    const { items: queues, ...rest } = paged(request, page, await this.backlog.ofApp(appId, page));
    return { queues, ...rest };
  }
}
