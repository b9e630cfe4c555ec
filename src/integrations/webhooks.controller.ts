import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import type { Asked as AskedOf } from '../configuration/index.js';
import { Failure, parseId, type AppId, type IntegrationId } from '../kernel/index.js';
import { Allow, AppIdOf, Asked, Caller, type KeyPrincipal } from '../tenancy/index.js';
import { CreateWebhookDto, RotateSecretDto, UpdateWebhookDto } from './webhook.dto.js';
import { integrationNotFound, WebhooksService } from './webhooks.service.js';

/** Long enough for whoever deploys by day. */
const A_DAY = 86_400;

/** Webhooks of an integration (`docs/wire.md` 6.6); an integration's key reaches its own, also as `me`. */
@Allow('app', 'integration')
@Controller('v2/apps/:appId/integrations/:integrationId/webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  async create(
    @AppIdOf() appId: AppId,
    @Caller() caller: KeyPrincipal,
    @Param('integrationId') integrationId: string,
    @Body() body: CreateWebhookDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { webhook: await this.webhooks.create(appId, reached(integrationId, caller), body, asked) };
  }

  @Get()
  async list(
    @AppIdOf() appId: AppId,
    @Caller() caller: KeyPrincipal,
    @Param('integrationId') integrationId: string,
  ): Promise<object> {
    return { webhooks: await this.webhooks.list(appId, reached(integrationId, caller)) };
  }

  @Get(':webhookId')
  async get(
    @AppIdOf() appId: AppId,
    @Caller() caller: KeyPrincipal,
    @Param('integrationId') integrationId: string,
    @Param('webhookId') id: string,
  ): Promise<object> {
    return { webhook: await this.webhooks.get(appId, reached(integrationId, caller), id) };
  }

  @Patch(':webhookId')
  async patch(
    @AppIdOf() appId: AppId,
    @Caller() caller: KeyPrincipal,
    @Param('integrationId') integrationId: string,
    @Param('webhookId') id: string,
    @Body() body: UpdateWebhookDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { webhook: await this.webhooks.patch(appId, reached(integrationId, caller), id, body, asked) };
  }

  /**
   * Ours: 200 `{webhook, oldSecretExpiresAt}` with the new secret. Until the old one expires every delivery is signed
   * with both. `overlapSeconds: 0` ends all old ones at once; 409 `conflict` while three are good still.
   */
  @Post(':webhookId/rotateSecret')
  @HttpCode(200)
  async rotateSecret(
    @AppIdOf() appId: AppId,
    @Caller() caller: KeyPrincipal,
    @Param('integrationId') integrationId: string,
    @Param('webhookId') id: string,
    @Body() { overlapSeconds = A_DAY }: RotateSecretDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return this.webhooks.rotateSecret(appId, reached(integrationId, caller), id, overlapSeconds, asked);
  }

  @Delete(':webhookId')
  @HttpCode(200)
  async remove(
    @AppIdOf() appId: AppId,
    @Caller() caller: KeyPrincipal,
    @Param('integrationId') integrationId: string,
    @Param('webhookId') id: string,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    await this.webhooks.remove(appId, reached(integrationId, caller), id, asked);
    return {};
  }
}

/** The integration in the path, when the caller may reach it: an integration's key only its own. */
function reached(inPath: string, caller: KeyPrincipal): IntegrationId {
  const own = caller.scope === 'integration' ? caller.integrationId : null;
  const id = parseId<IntegrationId>(inPath === 'me' && own !== null ? own : inPath);
  if (own !== null && id !== own) throw new Failure('forbidden', 'Forbidden');
  if (id === null) throw integrationNotFound();
  return id;
}
