import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Asked as AskedOf } from '../configuration/index.js';
import { Failure, type AppId } from '../kernel/index.js';
import { Allow, AppIdOf, Asked, KeysService } from '../tenancy/index.js';
import { CreateIntegrationKeyDto } from './integration.dto.js';
import { IntegrationsService } from './integrations.service.js';

/** Keys of a custom integration (`docs/wire.md` 6.6). A secret is told once, by the creation. */
@Allow('account', 'app')
@Controller('v2/apps/:appId/integrations/:integrationId/keys')
export class IntegrationKeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly integrations: IntegrationsService,
  ) {}

  @Post()
  async create(
    @AppIdOf() appId: AppId,
    @Param('integrationId') id: string,
    @Body() { displayName }: CreateIntegrationKeyDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { key: await this.keys.create(await this.ownerOf(appId, id), displayName, asked) };
  }

  @Get()
  async list(@AppIdOf() appId: AppId, @Param('integrationId') id: string): Promise<object> {
    return { keys: await this.keys.list(await this.ownerOf(appId, id)) };
  }

  @Get(':keyId')
  async get(
    @AppIdOf() appId: AppId,
    @Param('integrationId') id: string,
    @Param('keyId') keyId: string,
  ): Promise<object> {
    return { key: await this.keys.get(await this.ownerOf(appId, id), keyId) };
  }

  @Delete(':keyId')
  @HttpCode(200)
  async remove(
    @AppIdOf() appId: AppId,
    @Param('integrationId') id: string,
    @Param('keyId') keyId: string,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    await this.keys.remove(await this.ownerOf(appId, id), keyId, asked);
    return {};
  }

  private async ownerOf(appId: AppId, id: string) {
    const integration = await this.integrations.find(appId, id);
    if (integration.type !== 'custom')
      throw new Failure('bad_request', 'API keys are available only for custom integrations');
    return { scope: 'integration', appId, integrationId: integration.id } as const;
  }
}
