import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Session } from '../conversation/index.js';
import {
  Failure,
  parseId,
  type AgentId,
  type AppId,
  type QueueId,
  type SessionId,
  type UserId,
} from '../kernel/index.js';
import { filterOf, pageOf, paged, type Query as QueryString, severalOf, TakesQuery } from '../platform/http/index.js';
import { readerOf, Reading } from '../reading/index.js';
import { Allow, AppIdOf, Caller, CallOf, Grants } from '../tenancy/index.js';
import { EndManyDto, EndSessionDto, StartSessionDto } from './session.dto.js';
import { SESSION_MISSING, SessionsService, type SessionCall, type SessionCaller } from './sessions.service.js';
import { SessionsQuery, type SessionFilter } from './sessions.query.js';

const STATUSES: readonly Session['status'][] = [
  'NEW',
  'CONSENT',
  'WAITING',
  'ACTIVE',
  'INACTIVE',
  'ENDING',
  'ENDED',
  'ERROR',
];

const FILTERS = ['status', 'userId', 'agentId', 'queueId'] as const;

/** Sessions: which there are, their beginning by the business and their end (`docs/rules.md` 2.2a and 2.3). */
@Allow('account', 'app', 'integration', 'agent')
@Grants('sessions')
@Controller('v2/apps/:appId/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsQuery,
    private readonly service: SessionsService,
    private readonly reading: Reading,
  ) {}

  /** Globally, or of one end user (M-8), one agent, one queue; agents are told of those they may read. */
  @Get()
  @TakesQuery({ filter: FILTERS, page: true })
  async list(
    @AppIdOf() appId: AppId,
    @Caller() caller: SessionCaller,
    @Query() query: QueryString,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const filter = sessionFilter(query);
    const page = pageOf(query);
    const found = await this.sessions.list(appId, filter, page, readerOf(caller));
    const { items: sessions, ...rest } = paged(request, page, found);
    return { sessions, ...rest };
  }

  /** The business writes first (T1). */
  @Post()
  async start(@CallOf() call: SessionCall, @Body() { conversationId, text }: StartSessionDto): Promise<object> {
    return { session: await this.service.start(call, conversationId, text) };
  }

  /** Several selected in a list: each is judged alone (M-10). Repeating it ends nothing twice. */
  @Post('endMany')
  @HttpCode(200)
  @Allow('account', 'app', 'agent')
  async endMany(@CallOf() call: SessionCall, @Body() { sessionIds }: EndManyDto): Promise<object> {
    return { results: await this.service.endMany(call, sessionIds) };
  }

  @Get(':sessionId')
  async get(@AppIdOf() appId: AppId, @Param('sessionId') id: string, @Caller() caller: SessionCaller): Promise<object> {
    const session = await this.sessions.find(appId, parseId<SessionId>(id));
    await this.reading.requireConversation(appId, caller, session.conversationId, SESSION_MISSING);
    return { session };
  }

  /**
   * The key says who ends; an agent ends from the window, or from the menu of a list's row. A session that is over
   * answers with its stored result.
   */
  @Post(':sessionId/end')
  @HttpCode(200)
  async end(@CallOf() call: SessionCall, @Param('sessionId') id: string, @Body() how: EndSessionDto): Promise<object> {
    return { session: await this.service.end(call, id, how) };
  }
}

function sessionFilter(query: QueryString): SessionFilter {
  const asked = filterOf(query, FILTERS);
  return {
    statuses: severalOf(asked.status, STATUSES),
    userId: idOf<UserId>(asked.userId),
    agentId: idOf<AgentId>(asked.agentId),
    queueId: idOf<QueueId>(asked.queueId),
  };
}

function idOf<T extends string>(text: string | undefined): T | null {
  const id = parseId<T>(text);
  if (text !== undefined && id === null) throw new Failure('bad_request', 'Invalid query parameters');
  return id;
}
