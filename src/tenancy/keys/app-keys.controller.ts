import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Asked as AskedOf } from '../../configuration/index.js';
import type { AppId } from '../../kernel/index.js';
import { Allow, AppIdOf } from '../auth/access.js';
import { Asked } from '../auth/asked.js';
import { CreateAppKeyDto } from './key.dto.js';
import { KeysService } from './keys.service.js';

/** App keys (`docs/wire.md` 6.7), and our `scopes` of them. A secret is told once, by the creation. */
@Allow('account')
@Controller('v2/apps/:appId/keys')
export class AppKeysController {
  constructor(private readonly keys: KeysService) {}

  @Post()
  async create(
    @AppIdOf() appId: AppId,
    @Body() { displayName, scopes }: CreateAppKeyDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { key: await this.keys.create({ scope: 'app', appId }, displayName, asked, scopes) };
  }

  @Get()
  async list(@AppIdOf() appId: AppId): Promise<object> {
    return { keys: await this.keys.list({ scope: 'app', appId }) };
  }

  @Get(':keyId')
  async get(@AppIdOf() appId: AppId, @Param('keyId') keyId: string): Promise<object> {
    return { key: await this.keys.get({ scope: 'app', appId }, keyId) };
  }

  @Delete(':keyId')
  @HttpCode(200)
  async remove(@AppIdOf() appId: AppId, @Param('keyId') keyId: string, @Asked() asked: AskedOf): Promise<object> {
    await this.keys.remove({ scope: 'app', appId }, keyId, asked);
    return {};
  }
}
