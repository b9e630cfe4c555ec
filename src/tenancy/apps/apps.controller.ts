import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Failure, type AppId } from '../../kernel/index.js';
import type { Asked as AskedOf } from '../../configuration/index.js';
import { filterOf, pageOf, paged } from '../../platform/http/index.js';
import { Allow, AppIdOf, Roles } from '../auth/access.js';
import { Asked } from '../auth/asked.js';
import { CreateAppDto, UpdateAppDto } from './app.dto.js';
import { AppsService } from './apps.service.js';

/** Apps (`docs/wire.md` 6.7). */
@Allow('account')
@Controller('v2/apps')
export class AppsController {
  constructor(private readonly apps: AppsService) {}

  @Post()
  async create(@Body() body: CreateAppDto, @Asked() asked: AskedOf): Promise<object> {
    return { app: await this.apps.create(body, asked) };
  }

  @Get()
  async list(@Query() query: Record<string, unknown>, @Req() request: FastifyRequest): Promise<object> {
    refuseServiceAccounts(query);
    const page = pageOf(query);
    const { items, ...rest } = paged(request, page, await this.apps.page(page));
    return { apps: items, ...rest };
  }

  @Allow('account', 'app', 'agent')
  @Roles('admin')
  @Get(':appId')
  async get(@AppIdOf() appId: AppId): Promise<object> {
    return { app: await this.apps.get(appId) };
  }

  @Allow('account', 'app', 'agent')
  @Roles('admin')
  @Patch(':appId')
  async patch(@AppIdOf() appId: AppId, @Body() body: UpdateAppDto, @Asked() asked: AskedOf): Promise<object> {
    return { app: await this.apps.patch(appId, body, asked) };
  }

  @Delete(':appId')
  @HttpCode(200)
  async remove(@AppIdOf() appId: AppId, @Asked() asked: AskedOf): Promise<object> {
    await this.apps.remove(appId, asked);
    return {};
  }
}

/** There are none here, so none matches the credentials (`docs/wire.md` 3). */
function refuseServiceAccounts(query: Record<string, unknown>): void {
  if (filterOf(query, ['serviceAccountId']).serviceAccountId === undefined) return;
  throw new Failure('forbidden', 'The serviceAccountId provided does not match supplied credentials');
}
