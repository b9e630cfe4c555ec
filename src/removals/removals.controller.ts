import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Failure, parseId, type AppId } from '../kernel/index.js';
import { pageOf, paged, type Query as QueryString, TakesQuery } from '../platform/http/index.js';
import { Allow, AppIdOf } from '../tenancy/index.js';
import { RemovalsQuery, type RemovalView } from './removals.query.js';

/** Ours: how far the consequences of a deletion are. `{removals, meta, links?}`, the newest page first; kept 30 days. */
@Allow('account', 'app')
@Controller('v2/apps/:appId/removals')
export class RemovalsController {
  constructor(private readonly removals: RemovalsQuery) {}

  @Get()
  @TakesQuery({ page: true })
  async list(@AppIdOf() appId: AppId, @Query() query: QueryString, @Req() request: FastifyRequest): Promise<object> {
    return listed(request, query, (page) => this.removals.page(appId, page));
  }

  @Get(':removalId')
  async get(@AppIdOf() appId: AppId, @Param('removalId') id: string): Promise<object> {
    return { removal: found(await this.removals.find(appId, idOf(id))) };
  }
}

/** The same of every app, those included that are deleted themselves. */
@Allow('account')
@Controller('v2/removals')
export class AccountRemovalsController {
  constructor(private readonly removals: RemovalsQuery) {}

  @Get()
  @TakesQuery({ page: true })
  async list(@Query() query: QueryString, @Req() request: FastifyRequest): Promise<object> {
    return listed(request, query, (page) => this.removals.page(null, page));
  }

  @Get(':removalId')
  async get(@Param('removalId') id: string): Promise<object> {
    return { removal: found(await this.removals.find(null, idOf(id))) };
  }
}

async function listed(
  request: FastifyRequest,
  query: QueryString,
  read: (page: ReturnType<typeof pageOf>) => Promise<readonly RemovalView[]>,
): Promise<object> {
  const page = pageOf(query, { from: 'end' });
  const { items: removals, ...rest } = paged(request, page, await read(page));
  return { removals, ...rest };
}

const idOf = (text: string): string => parseId<string>(text) ?? '';

function found(removal: RemovalView | null): RemovalView {
  if (removal === null) throw new Failure('not_found', 'There is no such removal');
  return removal;
}
