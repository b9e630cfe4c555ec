import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { agentView, AgentsService, type AgentFilter, type PresenceStatus } from '../agents/index.js';
import type { Asked as AskedOf } from '../configuration/index.js';
import { Failure, ROLES, type AppId } from '../kernel/index.js';
import { filterOf, pageOf, paged, severalOf, TakesQuery, type Query as QueryString } from '../platform/http/index.js';
import { Allow, AppIdOf, Asked, Caller, Grants, KnownAgents, Roles } from '../tenancy/index.js';
import { CreateAgentDto, UpdateAgentDto } from './agent.dto.js';
import { draftOf } from './agent-draft.js';
import { Seat, type DeskCaller } from './seat.js';

const STATUSES: readonly PresenceStatus[] = ['online', 'busy', 'away', 'offline'];

const FILTERS = ['status', 'role', 'team', 'skill', 'active'] as const;

/** Who the agents of an app are. */
@Allow('account', 'app', 'agent')
@Grants('agents')
@Controller('v2/apps/:appId/agents')
export class AgentsController {
  constructor(
    private readonly agents: AgentsService,
    private readonly seat: Seat,
    private readonly known: KnownAgents,
  ) {}

  @Post()
  @Roles('admin')
  async create(@AppIdOf() appId: AppId, @Body() body: CreateAgentDto, @Asked() asked: AskedOf): Promise<object> {
    return { agent: await this.agents.create(appId, draftOf(body), asked) };
  }

  @Get()
  @TakesQuery({ filter: FILTERS, page: true })
  @Roles('supervisor', 'admin')
  async list(@AppIdOf() appId: AppId, @Query() query: QueryString, @Req() request: FastifyRequest): Promise<object> {
    const filter = agentFilter(query);
    const page = pageOf(query);
    const { items: agents, ...rest } = paged(request, page, await this.agents.list(appId, filter, page));
    return { agents, ...rest };
  }

  /** `me` is the agent who asks. */
  @Get(':agentId')
  async get(@AppIdOf() appId: AppId, @Param('agentId') named: string, @Caller() caller: DeskCaller): Promise<object> {
    const { agentId } = await this.seat.seen(appId, named, caller);
    return { agent: agentView(await this.agents.find(appId, agentId)) };
  }

  @Patch(':agentId')
  @Roles('admin')
  async patch(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Body() body: UpdateAgentDto,
    @Asked() asked: AskedOf,
  ): Promise<object> {
    const agent = await this.agents.patch(appId, named, body, asked);
    this.known.forget(agent.id);
    return { agent };
  }

  /** An agent who goes leaves what they did behind: it stays, inactive, and no token is good any more. */
  @Delete(':agentId')
  @HttpCode(200)
  @Roles('admin')
  async remove(@AppIdOf() appId: AppId, @Param('agentId') named: string, @Asked() asked: AskedOf): Promise<object> {
    const { id } = await this.agents.patch(appId, named, { active: false }, asked);
    this.known.forget(id);
    return {};
  }
}

function agentFilter(query: QueryString): AgentFilter {
  const { status, role, team, skill, active } = filterOf(query, FILTERS);
  if (active !== undefined && active !== 'true' && active !== 'false')
    throw new Failure('bad_request', 'filter[active] must be true or false');
  return {
    statuses: severalOf(status, STATUSES),
    roles: severalOf(role, ROLES),
    team: team ?? null,
    skill: skill ?? null,
    active: active === undefined ? null : active === 'true',
  };
}
