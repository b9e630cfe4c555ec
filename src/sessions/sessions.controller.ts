import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { actorOf, ConversationCommands, granted, type Session } from '../conversation/index.js';
import { Failure, parseId, type AppId, type SessionId, type UserId } from '../kernel/index.js';
import type { IdempotencyKey } from '../ledger/index.js';
import { filterOf, pageOf, paged, type Query as QueryString } from '../platform/http/index.js';
import { Allow, AppIdOf, Caller, Idempotency, type KeyPrincipal } from '../tenancy/index.js';
import { SessionsQuery, type SessionFilter } from './sessions.query.js';

const STATUSES: readonly Session['status'][] = ['ACTIVE', 'ENDING', 'ENDED', 'ERROR'];

/** Sessions: which there are, and their end by whoever holds the key (`sessions.md` 2.2a and 2.3). */
@Allow('account', 'app', 'integration')
@Controller('v2/apps/:appId/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsQuery,
    private readonly commands: ConversationCommands,
  ) {}

  @Get()
  async list(@AppIdOf() appId: AppId, @Query() query: QueryString, @Req() request: FastifyRequest): Promise<object> {
    const filter = sessionFilter(query);
    const page = pageOf(query);
    const { items: sessions, ...rest } = paged(request, page, await this.sessions.list(appId, filter, page));
    return { sessions, ...rest };
  }

  @Get(':sessionId')
  async get(@AppIdOf() appId: AppId, @Param('sessionId') id: string): Promise<object> {
    return { session: await this.sessions.find(appId, parseId<SessionId>(id)) };
  }

  /** No body: the key says who ends. A session that is over answers with its stored result. */
  @Post(':sessionId/end')
  @HttpCode(200)
  async end(
    @AppIdOf() appId: AppId,
    @Param('sessionId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
  ): Promise<object> {
    const session = await this.sessions.find(appId, parseId<SessionId>(id));
    const { conversationId } = session;
    const errand = { appId, conversationId, by: actorOf(caller), idempotency };
    const answer = granted(await this.commands.end(errand, session.id as SessionId, { via: 'api' }));
    return { session: answer.created ?? (await this.sessions.find(appId, session.id as SessionId)) };
  }
}

function sessionFilter(query: QueryString): SessionFilter {
  const { status, userId } = filterOf(query, ['status', 'userId']);
  const known = STATUSES.find((one) => one === status);
  const user = parseId<UserId>(userId);
  if ((status !== undefined && !known) || (userId !== undefined && user === null)) {
    throw new Failure('bad_request', 'Invalid query parameters');
  }
  return { status: known ?? null, userId: user };
}
