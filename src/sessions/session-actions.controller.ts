import { Controller, Get, Param, Query } from '@nestjs/common';
import { ClientCaller } from '../conversation/index.js';
import { Failure, parseId, type AppId, type SessionId } from '../kernel/index.js';
import { filterOf, type Query as QueryString, TakesQuery } from '../platform/http/index.js';
import { Reading } from '../reading/index.js';
import { Allow, AppIdOf, Caller, Grants, type UserPrincipal } from '../tenancy/index.js';
import { SessionActions } from './session-actions.service.js';
import { SessionsQuery } from './sessions.query.js';
import { SESSION_MISSING, type SessionCaller } from './sessions.service.js';

const FILTERS = ['agentId'] as const;

/** What a desk and a widget show as possible (I-6, E-18). */
@Controller()
export class SessionActionsController {
  constructor(
    private readonly actions: SessionActions,
    private readonly client: ClientCaller,
    private readonly sessions: SessionsQuery,
    private readonly reading: Reading,
  ) {}

  /** For the agent who asks; a key names one. */
  @Allow('account', 'app', 'agent')
  @Grants('sessions')
  @Get('v2/apps/:appId/sessions/:sessionId/actions')
  @TakesQuery({ filter: FILTERS })
  async ofAgent(
    @AppIdOf() appId: AppId,
    @Param('sessionId') sessionId: string,
    @Caller() caller: SessionCaller,
    @Query() query: QueryString,
  ): Promise<object> {
    const { agentId } = filterOf(query, FILTERS);
    const agent = caller.scope === 'agent' ? caller.agentId : agentId;
    if (agent === undefined) throw new Failure('bad_request', 'Name the agent: filter[agentId]');
    const { conversationId } = await this.sessions.find(appId, parseId<SessionId>(sessionId));
    await this.reading.requireConversation(appId, caller, conversationId, SESSION_MISSING);
    return { actions: await this.actions.ofAgent(appId, sessionId, agent, caller.keyId) };
  }

  @Allow('user')
  @Get('client/v1/apps/:appId/conversations/:conversationId/actions')
  async ofEndUser(
    @AppIdOf() appId: AppId,
    @Param('conversationId') conversationId: string,
    @Caller() caller: UserPrincipal,
  ): Promise<object> {
    const { state } = await this.client.own(appId, conversationId, caller);
    const { id } = await this.client.welcome(appId, caller);
    return { actions: await this.actions.ofEndUser(appId, state, id) };
  }
}
