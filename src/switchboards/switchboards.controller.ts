import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import type { Asked as AskedOf } from '../configuration/index.js';
import type { AppId } from '../kernel/index.js';
import { Allow, AppIdOf, Asked } from '../tenancy/index.js';
import { UpdateSwitchboardDto } from './switchboard.dto.js';
import { SwitchboardsService } from './switchboards.service.js';

/** Switchboards (`docs/wire.md` 6.1); to read a single one is ours. The official client creates without a body. */
@Allow('account', 'app')
@Controller('v2/apps/:appId/switchboards')
export class SwitchboardsController {
  constructor(private readonly switchboards: SwitchboardsService) {}

  @Post()
  async create(@AppIdOf() appId: AppId, @Asked() asked: AskedOf): Promise<object> {
    return { switchboard: await this.switchboards.create(appId, asked) };
  }

  @Get()
  async list(@AppIdOf() appId: AppId): Promise<object> {
    return { switchboards: await this.switchboards.list(appId) };
  }

  @Get(':switchboardId')
  async get(@AppIdOf() appId: AppId, @Param('switchboardId') id: string): Promise<object> {
    return { switchboard: await this.switchboards.get(appId, id) };
  }

  @Patch(':switchboardId')
  async patch(
    @AppIdOf() appId: AppId,
    @Param('switchboardId') id: string,
    @Body() body: UpdateSwitchboardDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { switchboard: await this.switchboards.patch(appId, id, body, asked) };
  }

  @Delete(':switchboardId')
  @HttpCode(200)
  async remove(@AppIdOf() appId: AppId, @Param('switchboardId') id: string, @Asked() asked: AskedOf): Promise<object> {
    await this.switchboards.remove(appId, id, asked);
    return {};
  }
}
