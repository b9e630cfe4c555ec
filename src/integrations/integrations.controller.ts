import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Asked as AskedOf } from '../configuration/index.js';
import type { AppId } from '../kernel/index.js';
import { filterOf, pageOf, paged } from '../platform/http/index.js';
import { Allow, AppIdOf, Asked } from '../tenancy/index.js';
import { CreateIntegrationDto, UpdateIntegrationDto } from './integration.dto.js';
import { IntegrationsService } from './integrations.service.js';

/** Integrations (`docs/wire.md` 6.6). */
@Allow('account', 'app')
@Controller('v2/apps/:appId/integrations')
export class IntegrationsController {
  constructor(private readonly integrations: IntegrationsService) {}

  @Post()
  async create(@AppIdOf() appId: AppId, @Body() body: CreateIntegrationDto, @Asked() asked: AskedOf): Promise<object> {
    return { integration: await this.integrations.create(appId, body, asked) };
  }

  @Get()
  async list(
    @AppIdOf() appId: AppId,
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const types = filterOf(query, ['types']).types?.split(',') ?? null;
    const page = pageOf(query);
    const { items, ...rest } = paged(request, page, await this.integrations.page(appId, types, page));
    return { integrations: items, ...rest };
  }

  @Get(':integrationId')
  async get(@AppIdOf() appId: AppId, @Param('integrationId') id: string): Promise<object> {
    return { integration: await this.integrations.get(appId, id) };
  }

  @Patch(':integrationId')
  async patch(
    @AppIdOf() appId: AppId,
    @Param('integrationId') id: string,
    @Body() body: UpdateIntegrationDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { integration: await this.integrations.patch(appId, id, body, asked) };
  }

  @Delete(':integrationId')
  @HttpCode(200)
  async remove(@AppIdOf() appId: AppId, @Param('integrationId') id: string, @Asked() asked: AskedOf): Promise<object> {
    await this.integrations.remove(appId, id, asked);
    return {};
  }
}
