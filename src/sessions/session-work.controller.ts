import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { actorOf } from '../conversation/index.js';
import { Failure, parseId, type AgentId, type QueueId, type WorkItemId } from '../kernel/index.js';
import { Allow, CallOf, Grants, Roles, type AgentPrincipal } from '../tenancy/index.js';
import { AgentMessageDto, AssignDto, ObserveDto, TicketDto, TransferDto, WorkItemDto } from './session.dto.js';
import { SessionsService, type SessionCall, type SessionCommand } from './sessions.service.js';

/**
 * What agents and their supervisors do with a session: take it, give it on, park it, look on, speak in it
 * (`session-rows.md` T11 to T20). Who may is decided under the lock; a refusal names the rule and changes nothing.
 */
@Allow('account', 'app', 'agent')
@Grants('sessions')
@Controller('v2/apps/:appId/sessions/:sessionId')
export class SessionWorkController {
  constructor(private readonly service: SessionsService) {}

  @Post('accept')
  @HttpCode(200)
  accept(@CallOf() call: SessionCall, @Param('sessionId') id: string, @Body() { workItemId }: WorkItemDto) {
    return this.run(call, id, { type: 'acceptWork', by: actorOf(call.caller), workItemId: workItem(workItemId) });
  }

  @Post('decline')
  @HttpCode(200)
  decline(@CallOf() call: SessionCall, @Param('sessionId') id: string, @Body() { workItemId }: WorkItemDto) {
    return this.run(call, id, { type: 'declineWork', by: actorOf(call.caller), workItemId: workItem(workItemId) });
  }

  @Post('transfer')
  @HttpCode(200)
  transfer(
    @CallOf() call: SessionCall,
    @Param('sessionId') id: string,
    @Body() { agentId, queueId, skills }: TransferDto,
  ) {
    const to =
      agentId === undefined
        ? ({ type: 'queue', queueId: queue(queueId), skills: skills ?? [] } as const)
        : ({ type: 'agent', agentId: agent(agentId) } as const);
    return this.run(call, id, { type: 'transferSession', by: actorOf(call.caller), to });
  }

  @Post('assign')
  @HttpCode(200)
  @Roles('supervisor', 'admin')
  assign(@CallOf() call: SessionCall, @Param('sessionId') id: string, @Body() { agentId }: AssignDto) {
    return this.run(call, id, { type: 'assignSession', by: actorOf(call.caller), agentId: agent(agentId) });
  }

  @Post('observe')
  @HttpCode(200)
  @Roles('supervisor', 'admin')
  observe(@CallOf() call: SessionCall, @Param('sessionId') id: string, @Body() { agentId, present }: ObserveDto) {
    const { caller } = call;
    const who = caller.scope === 'agent' ? themselves(caller, agentId) : agent(agentId);
    return this.run(call, id, { type: 'observeSession', by: actorOf(caller), agentId: who, present });
  }

  /** Customer Inactive. */
  @Post('inactivate')
  @HttpCode(200)
  @Allow('account', 'app', 'integration', 'agent')
  inactivate(@CallOf() call: SessionCall, @Param('sessionId') id: string) {
    return this.run(call, id, { type: 'inactivateSession', by: actorOf(call.caller) });
  }

  @Put('ticket')
  ticket(@CallOf() call: SessionCall, @Param('sessionId') id: string, @Body() { id: ticketId, status }: TicketDto) {
    return this.run(call, id, { type: 'setTicket', by: actorOf(call.caller), ticket: { id: ticketId, status } });
  }

  @Post('messages')
  @Allow('agent')
  say(@CallOf() call: SessionCall, @Param('sessionId') id: string, @Body() { text, displayName }: AgentMessageDto) {
    return this.service.say(call, id, text, displayName ?? null);
  }

  private async run(call: SessionCall, id: string, command: SessionCommand): Promise<object> {
    return { session: await this.service.run(call, id, command) };
  }
}

function themselves({ agentId }: AgentPrincipal, named: string | undefined): AgentId {
  if (named === undefined || named === agentId) return agentId;
  throw new Failure('bad_request', 'An agent observes for themselves: leave agentId out');
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
