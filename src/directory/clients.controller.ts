import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Failure, type AppId } from '../kernel/index.js';
import { pageOf } from '../platform/http/index.js';
import { READERS, Reading, type ReadingCaller } from '../reading/index.js';
import { Allow, AppIdOf, Caller } from '../tenancy/index.js';
import { UsersService } from './users.service.js';

/** Clients and devices (`sunco.md` 6.5). Other companies' channels are not connected, so nobody has any. */
@Allow('account', 'app', 'integration')
@Controller('v2/apps/:appId/users/:user')
export class ClientsController {
  constructor(
    private readonly users: UsersService,
    private readonly reading: Reading,
  ) {}

  @Get('clients')
  @Allow(...READERS)
  async clients(
    @AppIdOf() appId: AppId,
    @Param('user') user: string,
    @Query() query: Record<string, unknown>,
    @Caller() caller: ReadingCaller,
  ): Promise<object> {
    pageOf(query);
    await this.reading.requireUser(appId, caller, (await this.users.find(appId, user)).id);
    return { clients: [], meta: { hasMore: false } };
  }

  @Post('clients')
  async link(@AppIdOf() appId: AppId, @Param('user') user: string): Promise<never> {
    await this.users.find(appId, user);
    throw new Failure('bad_request', 'Linking a channel is not supported by this version');
  }

  @Delete('clients/:clientId')
  @HttpCode(200)
  async unlink(@AppIdOf() appId: AppId, @Param('user') user: string): Promise<never> {
    await this.users.find(appId, user);
    throw new Failure('client_not_found', 'Client not found');
  }

  @Get('devices')
  @Allow(...READERS)
  async devices(
    @AppIdOf() appId: AppId,
    @Param('user') user: string,
    @Caller() caller: ReadingCaller,
  ): Promise<object> {
    await this.reading.requireUser(appId, caller, (await this.users.find(appId, user)).id);
    return { devices: [] };
  }

  @Get('devices/:deviceId')
  @Allow(...READERS)
  async device(@AppIdOf() appId: AppId, @Param('user') user: string, @Caller() caller: ReadingCaller): Promise<never> {
    await this.reading.requireUser(appId, caller, (await this.users.find(appId, user)).id);
    throw new Failure('device_not_found', 'Device not found');
  }
}
