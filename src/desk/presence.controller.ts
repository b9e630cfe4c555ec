import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { AgentsService, capacityOf, presenceView, type Agent } from '../agents/index.js';
import type { AppId } from '../kernel/index.js';
import type { IdempotencyKey } from '../ledger/index.js';
import { Allow, AppIdOf, Caller, Grants, Idempotency } from '../tenancy/index.js';
import { HeartbeatDto, LoginDto, LogoutDto, PresenceDto } from './presence.dto.js';
import { PresenceService } from './presence.service.js';
import { isSelf, Seat, type DeskCaller } from './seat.js';

/** A desk that does not say which it is. */
const ONLY_DESK = 'desk';

/** Whether an agent is there: agents for themselves as `me`, supervisors and keys for others. */
@Allow('account', 'app', 'agent')
@Grants('agents')
@Controller('v2/apps/:appId/agents/:agentId')
export class PresenceController {
  constructor(
    private readonly seat: Seat,
    private readonly presence: PresenceService,
    private readonly agents: AgentsService,
  ) {}

  @Post('login')
  @HttpCode(200)
  async login(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Body() { connection = ONLY_DESK, status = 'online' }: LoginDto,
    @Caller() caller: DeskCaller,
    @Idempotency() idempotency: IdempotencyKey | null,
  ): Promise<object> {
    const errand = { ...(await this.seat.of(appId, named, caller)), idempotency };
    return seen((await this.presence.login(errand, connection, status)).agent);
  }

  /** 409 `ongoing_sessions` lists each with what would become of it, until it is confirmed (M-14). */
  @Post('logout')
  @HttpCode(200)
  async logout(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Body() { confirm = false }: LogoutDto,
    @Caller() caller: DeskCaller,
    @Idempotency() idempotency: IdempotencyKey | null,
  ): Promise<object> {
    const errand = { ...(await this.seat.of(appId, named, caller)), idempotency };
    return seen((await this.presence.logout(errand, confirm)).agent);
  }

  /** Keeps the connection up; `lost` says that it is down. Not kept under an idempotency key: it is one by nature. */
  @Post('heartbeat')
  @HttpCode(200)
  async heartbeat(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Body() { connection = ONLY_DESK, lost = false }: HeartbeatDto,
    @Caller() caller: DeskCaller,
  ): Promise<object> {
    const errand = await this.seat.of(appId, named, caller);
    return seen(await (lost ? this.presence.lost(errand, connection) : this.presence.heard(errand, connection)));
  }

  @Put('presence')
  async setPresence(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Body() { status, cause }: PresenceDto,
    @Caller() caller: DeskCaller,
  ): Promise<object> {
    const errand = await this.seat.of(appId, named, caller);
    const own = isSelf(caller, errand.agentId) ? 'chosen' : 'supervisor';
    const why = caller.scope === 'agent' ? own : (cause ?? 'chosen');
    return seen((await this.presence.setStatus(errand, status, why)).agent);
  }

  @Get('capacity')
  async capacity(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Caller() caller: DeskCaller,
  ): Promise<object> {
    const { agentId } = await this.seat.seen(appId, named, caller);
    const { agent } = await this.agents.find(appId, agentId);
    return { capacity: capacityOf(agent), openItems: agent.work.length, agentSeq: agent.seq };
  }
}

const seen = (agent: Agent) => ({
  presence: presenceView(agent),
  capacity: capacityOf(agent),
  agentSeq: agent.seq,
});
