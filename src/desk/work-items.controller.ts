import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { WorkItemsQuery, type WorkItemFilter } from '../agents/index.js';
import { actorOf } from '../conversation/index.js';
import { Failure, parseId, type AppId, type WorkItemId } from '../kernel/index.js';
import { filterOf, pageOf, paged, type Query as QueryString, TakesQuery } from '../platform/http/index.js';
import { Allow, AppIdOf, Caller, CallOf, Grants, type Call } from '../tenancy/index.js';
import { CloseDto, NotesDto, WorkTicketDto } from './presence.dto.js';
import { Seat, type DeskCaller } from './seat.js';
import { TabsService } from './tabs.service.js';

type DeskCall = Call<DeskCaller>;

const FILTERS = ['closed', 'sessionId'] as const;

/** An agent's work, past and present: its tabs, notes and tickets. */
@Allow('account', 'app', 'agent')
@Grants('agents')
@Controller('v2/apps/:appId/agents/:agentId/work-items')
export class WorkItemsController {
  constructor(
    private readonly seat: Seat,
    private readonly tabs: TabsService,
    private readonly items: WorkItemsQuery,
  ) {}

  @Get()
  @TakesQuery({ filter: FILTERS, page: true })
  async list(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Caller() caller: DeskCaller,
    @Query() query: QueryString,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const filter = workItemFilter(query);
    const page = pageOf(query);
    const { agentId } = await this.seat.of(appId, named, caller);
    const { items, ...rest } = paged(request, page, await this.items.list(appId, agentId, filter, page));
    return { workItems: items, ...rest };
  }

  @Get(':workItemId')
  async get(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Param('workItemId') id: string,
    @Caller() caller: DeskCaller,
  ): Promise<object> {
    const errand = await this.seat.of(appId, named, caller);
    return { workItem: await this.tabs.view(errand, parseId<WorkItemId>(id)) };
  }

  /** Closing again answers with what was closed, so it needs no idempotency key. */
  @Post(':workItemId/close')
  @HttpCode(200)
  async close(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Param('workItemId') id: string,
    @Body() { choice, notes }: CloseDto,
    @Caller() caller: DeskCaller,
  ): Promise<object> {
    const errand = await this.seat.of(appId, named, caller);
    return {
      workItem: await this.tabs.close(errand, actorOf(caller), id, { choice: choice ?? null, notes: notes ?? null }),
    };
  }

  @Post(':workItemId/after-work/extend')
  @HttpCode(200)
  extend(@CallOf() call: DeskCall, @Param('agentId') named: string, @Param('workItemId') id: string) {
    return this.afterWork(call, named, id, 'extendAfterWork');
  }

  @Post(':workItemId/after-work/done')
  @HttpCode(200)
  done(@CallOf() call: DeskCall, @Param('agentId') named: string, @Param('workItemId') id: string) {
    return this.afterWork(call, named, id, 'finishAfterWork');
  }

  @Put(':workItemId/notes')
  async notes(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Param('workItemId') id: string,
    @Body() { text, draft = false }: NotesDto,
    @Caller() caller: DeskCaller,
  ): Promise<object> {
    const errand = await this.seat.of(appId, named, caller);
    return { workItem: await this.tabs.save(errand, id, text, draft) };
  }

  @Put(':workItemId/ticket')
  async ticket(
    @AppIdOf() appId: AppId,
    @Param('agentId') named: string,
    @Param('workItemId') id: string,
    @Body() { id: ticketId, status }: WorkTicketDto,
    @Caller() caller: DeskCaller,
  ): Promise<object> {
    const errand = await this.seat.of(appId, named, caller);
    const ticket = { id: ticketId, status };
    return { workItem: await this.tabs.setTicket(errand, actorOf(caller), id, ticket) };
  }

  private async afterWork(
    { appId, caller, idempotency }: DeskCall,
    named: string,
    id: string,
    what: 'extendAfterWork' | 'finishAfterWork',
  ): Promise<object> {
    const errand = { ...(await this.seat.of(appId, named, caller)), idempotency };
    return { workItem: await this.tabs.afterWork(errand, id, what) };
  }
}

function workItemFilter(query: QueryString): WorkItemFilter {
  const { closed, sessionId } = filterOf(query, FILTERS);
  const wrong = closed !== undefined && closed !== 'true' && closed !== 'false';
  if (wrong || (sessionId !== undefined && parseId(sessionId) === null)) {
    throw new Failure('bad_request', 'Invalid query parameters');
  }
  return { closed: closed === undefined ? null : closed === 'true', sessionId: sessionId ?? null };
}
