import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { sdkClientOf } from '../conversation/index.js';
import { Failure, type AppId } from '../kernel/index.js';
import { pageOf, type Page } from '../platform/http/index.js';
import { READERS, Reading, type ReadingCaller } from '../reading/index.js';
import { Allow, AppIdOf, Caller } from '../tenancy/index.js';
import { UsersService } from './users.service.js';

/**
 * Clients and devices (`docs/wire.md` 6.5). Other companies' channels are not connected: who came with a token of their
 * own has that one client, and of devices we know nothing.
 */
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
    const page = pageOf(query);
    const found = await this.users.find(appId, user);
    await this.reading.requireUser(appId, caller, found.id);
    const client = sdkClientOf(found);
    const isThere = client !== null && isWithin(page, client.id);
    return { clients: isThere ? [client] : [], meta: { hasMore: false } };
  }

  @Post('clients')
  async link(@AppIdOf() appId: AppId, @Param('user') user: string): Promise<never> {
    await this.users.find(appId, user);
    throw new Failure('bad_request', 'Linking a channel is not supported by this version');
  }

  @Delete('clients/:clientId')
  @HttpCode(200)
  async unlink(
    @AppIdOf() appId: AppId,
    @Param('user') user: string,
    @Param('clientId') clientId: string,
  ): Promise<never> {
    if (sdkClientOf(await this.users.find(appId, user))?.id === clientId)
      throw new Failure('bad_request', "Cannot remove a client of type 'sdk'");
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

/** Whether the only record there is lies beyond the cursor. */
const isWithin = ({ cursor, direction }: Page, id: string): boolean =>
  cursor === null || (direction === 'backward' ? id < cursor : id > cursor);
