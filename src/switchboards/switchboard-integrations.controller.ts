import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import type { Asked as AskedOf } from '../configuration/index.js';
import type { AppId } from '../kernel/index.js';
import { Allow, AppIdOf, Asked } from '../tenancy/index.js';
import { CreateSwitchboardIntegrationDto, UpdateSwitchboardIntegrationDto } from './switchboard.dto.js';
import { SwitchboardIntegrationsService } from './switchboard-integrations.service.js';

/** Switchboard integrations (`docs/wire.md` 6.2); to read a single one is ours. */
@Allow('account', 'app')
@Controller('v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations')
export class SwitchboardIntegrationsController {
  constructor(private readonly links: SwitchboardIntegrationsService) {}

  @Post()
  async create(
    @AppIdOf() appId: AppId,
    @Param('switchboardId') switchboardId: string,
    @Body() body: CreateSwitchboardIntegrationDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { switchboardIntegration: await this.links.create(appId, switchboardId, body, asked) };
  }

  @Get()
  async list(@AppIdOf() appId: AppId, @Param('switchboardId') switchboardId: string): Promise<object> {
    return { switchboardIntegrations: await this.links.list(appId, switchboardId) };
  }

  @Get(':id')
  async get(
    @AppIdOf() appId: AppId,
    @Param('switchboardId') switchboardId: string,
    @Param('id') id: string,
  ): Promise<object> {
    return { switchboardIntegration: await this.links.get(appId, switchboardId, id) };
  }

  @Patch(':id')
  async patch(
    @AppIdOf() appId: AppId,
    @Param('switchboardId') switchboardId: string,
    @Param('id') id: string,
    @Body() body: UpdateSwitchboardIntegrationDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { switchboardIntegration: await this.links.patch(appId, switchboardId, id, body, asked) };
  }

  @Delete(':id')
  @HttpCode(200)
  async remove(
    @AppIdOf() appId: AppId,
    @Param('switchboardId') switchboardId: string,
    @Param('id') id: string,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    await this.links.remove(appId, switchboardId, id, asked);
    return {};
  }
}
