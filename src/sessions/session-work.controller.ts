import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { actorOf } from '../conversation/index.js';
import { Failure, parseId, type AgentId, type AppId, type QueueId, type WorkItemId } from '../kernel/index.js';
import type { IdempotencyKey } from '../ledger/index.js';
import { Allow, AppIdOf, Caller, Grants, Idempotency, Roles } from '../tenancy/index.js';
import { AgentMessageDto, AssignDto, ObserveDto, TicketDto, TransferDto, WorkItemDto } from './session.dto.js';
import { SessionsService, type SessionCaller } from './sessions.service.js';

/**
 * What agents and their supervisors do with a session: take it, give it on, park it, look on, speak in it
 * (`sessions.md` T11 to T20). Who may is decided under the lock; a refusal names the rule and changes nothing.
 */
@Allow('account', 'app', 'agent')
@Grants('sessions')
@Controller('v2/apps/:appId/sessions/:sessionId')
export class SessionWorkController {
  constructor(private readonly service: SessionsService) {}

  @Post('accept')
  @HttpCode(200)
  async accept(
    @AppIdOf() appId: AppId,
    @Param('sessionId') id: string,
    @Caller() caller: SessionCaller,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { workItemId }: WorkItemDto,
  ): Promise<object> {
    const command = { type: 'acceptWork', by: actorOf(caller), workItemId: workItem(workItemId) } as const;
    return { session: await this.service.run({ appId, caller, idempotency }, id, command) };
  }

  @Post('decline')
  @HttpCode(200)
  async decline(
    @AppIdOf() appId: AppId,
    @Param('sessionId') id: string,
    @Caller() caller: SessionCaller,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { workItemId }: WorkItemDto,
  ): Promise<object> {
    const command = { type: 'declineWork', by: actorOf(caller), workItemId: workItem(workItemId) } as const;
    return { session: await this.service.run({ appId, caller, idempotency }, id, command) };
  }

  @Post('transfer')
  @HttpCode(200)
  async transfer(
    @AppIdOf() appId: AppId,
    @Param('sessionId') id: string,
    @Caller() caller: SessionCaller,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { agentId, queueId, skills }: TransferDto,
  ): Promise<object> {
    const by = actorOf(caller);
    const to =
      agentId === undefined
        ? ({ type: 'queue', queueId: queue(queueId), skills: skills ?? [] } as const)
        : ({ type: 'agent', agentId: agent(agentId) } as const);
    return {
      session: await this.service.run({ appId, caller, idempotency }, id, { type: 'transferSession', by, to }),
    };
  }

  @Post('assign')
  @HttpCode(200)
  @Roles('supervisor', 'admin')
  async assign(
    @AppIdOf() appId: AppId,
    @Param('sessionId') id: string,
    @Caller() caller: SessionCaller,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { agentId }: AssignDto,
  ): Promise<object> {
    const command = { type: 'assignSession', by: actorOf(caller), agentId: agent(agentId) } as const;
    return { session: await this.service.run({ appId, caller, idempotency }, id, command) };
  }

  @Post('observe')
  @HttpCode(200)
  @Roles('supervisor', 'admin')
  async observe(
    @AppIdOf() appId: AppId,
    @Param('sessionId') id: string,
    @Caller() caller: SessionCaller,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { agentId, present }: ObserveDto,
  ): Promise<object> {
    const who = caller.scope === 'agent' ? caller.agentId : agent(agentId);
    const command = { type: 'observeSession', by: actorOf(caller), agentId: who, present } as const;
    return { session: await this.service.run({ appId, caller, idempotency }, id, command) };
  }

  /** Customer Inactive. */
  @Post('inactivate')
  @HttpCode(200)
  @Allow('account', 'app', 'integration', 'agent')
  async inactivate(
    @AppIdOf() appId: AppId,
    @Param('sessionId') id: string,
    @Caller() caller: SessionCaller,
    @Idempotency() idempotency: IdempotencyKey | null,
  ): Promise<object> {
    const command = { type: 'inactivateSession', by: actorOf(caller) } as const;
    return { session: await this.service.run({ appId, caller, idempotency }, id, command) };
  }

  @Put('ticket')
  async ticket(
    @AppIdOf() appId: AppId,
    @Param('sessionId') id: string,
    @Caller() caller: SessionCaller,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { id: ticketId, status }: TicketDto,
  ): Promise<object> {
    const command = { type: 'setTicket', by: actorOf(caller), ticket: { id: ticketId, status } } as const;
    return { session: await this.service.run({ appId, caller, idempotency }, id, command) };
  }

  @Post('messages')
  @Allow('agent')
  async say(
    @AppIdOf() appId: AppId,
    @Param('sessionId') id: string,
    @Caller() caller: SessionCaller,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { text, displayName }: AgentMessageDto,
  ): Promise<object> {
    return this.service.say({ appId, caller, idempotency }, id, text, displayName ?? null);
  }
}

function workItem(text: string): WorkItemId {
  const id = parseId<WorkItemId>(text);
  if (id === null) throw new Failure('offer_gone', 'There is no such offer.');
  return id;
}

function agent(text: string | undefined): AgentId {
  const id = parseId<AgentId>(text);
  if (id === null) throw new Failure('agent_not_found', 'Agent not found');
  return id;
}

function queue(text: string | undefined): QueueId | null {
  const id = parseId<QueueId>(text);
  if (id === null && text !== undefined) throw new Failure('destination_not_found', 'There is no such queue.');
  return id;
}
