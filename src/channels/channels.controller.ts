import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Asked as AskedOf } from '../configuration/index.js';
import { ROLES, type AppId } from '../kernel/index.js';
import { pageOf, paged, type Query as QueryString, TakesQuery } from '../platform/http/index.js';
import { Allow, AppIdOf, Asked, Roles } from '../tenancy/index.js';
import { CreateChannelDto, UpdateChannelDto } from './channel.dto.js';
import { ChannelsService } from './channels.service.js';

/** Service channels (`docs/rules.md` 0.2). */
@Allow('account', 'app', 'agent')
@Roles('admin')
@Controller('v2/apps/:appId/serviceChannels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  @Post()
  async create(@AppIdOf() appId: AppId, @Body() body: CreateChannelDto, @Asked() asked: AskedOf): Promise<object> {
    return { serviceChannel: await this.channels.create(appId, body, asked) };
  }

  @Get()
  @TakesQuery({ page: true })
  @Roles(...ROLES)
  async list(@AppIdOf() appId: AppId, @Query() query: QueryString, @Req() request: FastifyRequest): Promise<object> {
    const page = pageOf(query);
    const { items: serviceChannels, ...rest } = paged(request, page, await this.channels.page(appId, page));
    return { serviceChannels, ...rest };
  }

  @Get(':channelId')
  @Roles(...ROLES)
  async get(@AppIdOf() appId: AppId, @Param('channelId') id: string): Promise<object> {
    return { serviceChannel: await this.channels.get(appId, id) };
  }

  @Patch(':channelId')
  async patch(
    @AppIdOf() appId: AppId,
    @Param('channelId') id: string,
    @Body() body: UpdateChannelDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { serviceChannel: await this.channels.patch(appId, id, body, asked) };
  }

  @Delete(':channelId')
  @HttpCode(200)
  async remove(@AppIdOf() appId: AppId, @Param('channelId') id: string, @Asked() asked: AskedOf): Promise<object> {
    await this.channels.remove(appId, id, asked);
    return {};
  }
}
