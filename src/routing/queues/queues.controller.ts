import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Asked as AskedOf } from '../../configuration/index.js';
import { ROLES, type AppId } from '../../kernel/index.js';
import { pageOf, paged, type Query as QueryString, TakesQuery } from '../../platform/http/index.js';
import { Allow, AppIdOf, Asked, Roles } from '../../tenancy/index.js';
import { CreateQueueDto, UpdateQueueDto } from './queue.dto.js';
import { QueuesService } from './queues.service.js';

/** Queues of sessions that need a human. */
@Allow('account', 'app', 'agent')
@Roles('admin')
@Controller('v2/apps/:appId/queues')
export class QueuesController {
  constructor(private readonly queues: QueuesService) {}

  @Post()
  @Roles('admin')
  async create(@AppIdOf() appId: AppId, @Body() body: CreateQueueDto, @Asked() asked: AskedOf): Promise<object> {
    return { queue: await this.queues.create(appId, body, asked) };
  }

  @Get()
  @TakesQuery({ page: true })
  @Roles(...ROLES)
  async list(@AppIdOf() appId: AppId, @Query() query: QueryString, @Req() request: FastifyRequest): Promise<object> {
    const page = pageOf(query);
    const { items: queues, ...rest } = paged(request, page, await this.queues.page(appId, page));
    return { queues, ...rest };
  }

  @Get(':queueId')
  @Roles(...ROLES)
  async get(@AppIdOf() appId: AppId, @Param('queueId') id: string): Promise<object> {
    return { queue: await this.queues.get(appId, id) };
  }

  @Patch(':queueId')
  @Roles('admin')
  async patch(
    @AppIdOf() appId: AppId,
    @Param('queueId') id: string,
    @Body() body: UpdateQueueDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { queue: await this.queues.patch(appId, id, body, asked) };
  }

  @Delete(':queueId')
  @Roles('admin')
  @HttpCode(200)
  async remove(@AppIdOf() appId: AppId, @Param('queueId') id: string, @Asked() asked: AskedOf): Promise<object> {
    await this.queues.remove(appId, id, asked);
    return {};
  }
}
