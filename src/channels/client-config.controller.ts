import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ConfigurationStore } from '../configuration/index.js';
import { ClientCaller } from '../conversation/index.js';
import type { AppId } from '../kernel/index.js';
import type { IdempotencyKey } from '../ledger/index.js';
import { Allow, AppIdOf, Caller, Idempotency, type UserPrincipal } from '../tenancy/index.js';
import { ConfirmLinkDto, LinkRequestDto } from './link-request.dto.js';
import { LinkRequests } from './link-requests.service.js';
import { widgetConfig } from './widget-config.js';

/** What the web widget has to know before it shows anything, and how one goes on elsewhere (E-6, E-14 to E-19). */
@Controller()
export class ClientConfigController {
  constructor(
    private readonly configurations: ConfigurationStore,
    private readonly client: ClientCaller,
    private readonly links: LinkRequests,
  ) {}

  @Allow('user')
  @Get('client/v1/apps/:appId/config')
  async config(@AppIdOf() appId: AppId): Promise<object> {
    return { config: widgetConfig(await this.configurations.current(appId)) };
  }

  @Allow('user')
  @Post('client/v1/apps/:appId/linkRequests')
  async ask(
    @AppIdOf() appId: AppId,
    @Caller() caller: UserPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { channelId }: LinkRequestDto,
  ): Promise<object> {
    const user = await this.client.welcome(appId, caller);
    return { linkRequest: await this.links.ask(appId, user.id, channelId, idempotency) };
  }

  @Allow('account', 'app')
  @Post('v2/apps/:appId/linkRequests/confirm')
  @HttpCode(200)
  async confirm(
    @AppIdOf() appId: AppId,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { channelId, code }: ConfirmLinkDto,
  ): Promise<object> {
    return { user: await this.links.confirm(appId, code, channelId, idempotency) };
  }
}
