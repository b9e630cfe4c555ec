import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Asked as AskedOf } from '../configuration/index.js';
import { MessagesQuery } from '../conversation/index.js';
import { parseId, type AppId, type SessionId } from '../kernel/index.js';
import { pageOf, paged, type Query as QueryString, TakesQuery } from '../platform/http/index.js';
import { READERS, Reading } from '../reading/index.js';
import { Allow, AppIdOf, Asked, Caller, Grants } from '../tenancy/index.js';
import { SessionsQuery } from './sessions.query.js';
import { SESSION_MISSING, type SessionCaller } from './sessions.service.js';

/** What was said in one session of a conversation. */
@Allow(...READERS)
@Grants('sessions')
@Controller('v2/apps/:appId/sessions/:sessionId/messages')
export class SessionTranscriptController {
  constructor(
    private readonly sessions: SessionsQuery,
    private readonly messages: MessagesQuery,
    private readonly reading: Reading,
  ) {}

  /**
   * The messages of its conversation from its beginning until the next session's, those behind its end among them.
   * Answers `{messages, meta, links?}`, paged as the messages of a conversation are.
   */
  @Get()
  @TakesQuery({ page: true })
  async list(
    @AppIdOf() appId: AppId,
    @Param('sessionId') named: string,
    @Caller() caller: SessionCaller,
    @Asked() asked: AskedOf,
    @Query() query: QueryString,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const page = pageOf(query, { from: 'end', fixedSize: 100 });
    const { id, conversationId, startedAt } = await this.sessions.find(appId, parseId<SessionId>(named));
    await this.reading.requireTranscript(appId, caller, conversationId, asked, SESSION_MISSING);
    const until = await this.sessions.nextBegan(conversationId, id as SessionId);
    const found = await this.messages.of(conversationId, page, { from: new Date(startedAt), until });
    const { items: messages, ...rest } = paged(request, page, found);
    return { messages, ...rest };
  }
}
