import { Controller, Get, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AppId } from '../kernel/index.js';
import { isoTime } from '../platform/clock/index.js';
import { pageOf, paged, type Query as QueryString, TakesQuery } from '../platform/http/index.js';
import { Allow, AppIdOf } from '../tenancy/index.js';
import { Loads } from './load.store.js';

/** How many open conversations each switchboard integration holds, as the events told it so far. */
@Allow('account', 'app')
@Controller('v2/apps/:appId/routing/loads')
export class LoadsController {
  constructor(private readonly loads: Loads) {}

  @Get()
  @TakesQuery({ page: true })
  async list(@AppIdOf() appId: AppId, @Query() query: QueryString, @Req() request: FastifyRequest): Promise<object> {
    const page = pageOf(query);
    const [found, unheld, last] = await Promise.all([
      this.loads.ofApp(appId, page),
      this.loads.unheld(appId),
      this.loads.lastEnded(appId),
    ]);
    const { items, ...rest } = paged(request, page, found);
    return { loads: items, unheld, lastEnded: last && { ...last, endedAt: isoTime(last.endedAt) }, ...rest };
  }
}
