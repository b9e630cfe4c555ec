import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Asked as AskedOf } from '../../configuration/index.js';
import { Failure, parseId, type AgentId, type AppId } from '../../kernel/index.js';
import { Allow, AppIdOf, Grants, Roles } from '../auth/access.js';
import { AgentsStore } from '../auth/agents.store.js';
import { Asked } from '../auth/asked.js';
import { CreateKeyDto } from './key.dto.js';
import { KeysService } from './keys.service.js';

/** Keys of one agent, for desks without a login of their own. A secret is told once, by the creation. */
@Allow('account', 'app', 'agent')
@Grants('agents')
@Roles('admin')
@Controller('v2/apps/:appId/agents/:agentId/keys')
export class AgentKeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly agents: AgentsStore,
  ) {}

  @Post()
  async create(
    @AppIdOf() appId: AppId,
    @Param('agentId') id: string,
    @Body() { displayName }: CreateKeyDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    return { key: await this.keys.create(ownerOf(appId, id), displayName, asked) };
  }

  @Get()
  async list(@AppIdOf() appId: AppId, @Param('agentId') id: string): Promise<object> {
    return { keys: await this.keys.list(await this.existing(appId, id)) };
  }

  @Get(':keyId')
  async get(@AppIdOf() appId: AppId, @Param('agentId') id: string, @Param('keyId') keyId: string): Promise<object> {
    return { key: await this.keys.get(await this.existing(appId, id), keyId) };
  }

  @Delete(':keyId')
  @HttpCode(200)
  async remove(
    @AppIdOf() appId: AppId,
    @Param('agentId') id: string,
    @Param('keyId') keyId: string,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    await this.keys.remove(await this.existing(appId, id), keyId, asked);
    return {};
  }

  /** A list of an agent who is not there would look like one without keys. */
  private async existing(appId: AppId, id: string) {
    const owner = ownerOf(appId, id);
    if (!(await this.agents.exists(appId, owner.agentId))) throw agentNotFound();
    return owner;
  }
}

function ownerOf(appId: AppId, id: string) {
  const agentId = parseId<AgentId>(id);
  if (agentId === null) throw agentNotFound();
  return { scope: 'agent', appId, agentId } as const;
}

function agentNotFound(): Failure {
  return new Failure('agent_not_found', 'Agent not found');
}
