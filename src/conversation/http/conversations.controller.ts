import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ConfigurationStore } from '../../configuration/index.js';
import { Failure, parseId, type AppId, type ChannelId, type ConversationId } from '../../kernel/index.js';
import type { IdempotencyKey } from '../../ledger/index.js';
import { filterOf, pageOf, paged, type Query as QueryString, TakesQuery } from '../../platform/http/index.js';
import { READERS, readerOf, Reading, type ReadingCaller } from '../../reading/index.js';
import { Allow, AppIdOf, Caller, Idempotency, type KeyPrincipal } from '../../tenancy/index.js';
import { actorOf, errandOf } from './caller.js';
import { ConversationCommands } from '../commands/conversation.commands.js';
import { ConversationsQuery, type ConversationRecord } from '../queries/conversations.query.js';
import {
  CreateConversationDto,
  JoinConversationDto,
  LeaveConversationDto,
  UpdateConversationDto,
} from './dto/conversation.dto.js';
import { EndUsers } from '../queries/end-users.store.js';
import { ParticipantsQuery } from '../queries/participants.query.js';
import { granted } from '../commands/refusals.js';
import { timelineView } from '../queries/timeline-view.js';
import { TimelineQuery } from '../queries/timeline.query.js';
import { conversationView } from '../views.js';

/** Conversations (`docs/wire.md` 6.4), who takes part in them, and the story of their control. */
@Allow('account', 'app', 'integration')
@Controller('v2/apps/:appId/conversations')
export class ConversationsController {
  constructor(
    private readonly commands: ConversationCommands,
    private readonly conversations: ConversationsQuery,
    private readonly participants: ParticipantsQuery,
    private readonly timelines: TimelineQuery,
    private readonly endUsers: EndUsers,
    private readonly configurations: ConfigurationStore,
    private readonly reading: Reading,
  ) {}

  @Post()
  async create(
    @AppIdOf() appId: AppId,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() body: CreateConversationDto,
  ): Promise<object> {
    const users = await Promise.all((body.participants ?? []).map((one) => this.endUsers.find(appId, one)));
    const participants = [...new Set(users.map(({ id }) => id))];
    const answer = await this.commands.open(
      appId,
      actorOf(caller),
      {
        type: body.type,
        userId: body.type === 'personal' ? (participants[0] ?? null) : null,
        participants,
        displayName: body.displayName ?? null,
        description: body.description ?? null,
        iconUrl: body.iconUrl ?? null,
        metadata: body.metadata ?? {},
        channelId: channelOf(body.serviceChannelId),
      },
      idempotency,
    );
    return { conversation: granted(answer).created };
  }

  /** Of one end user; agents are told of those they may read. */
  @Get()
  @Allow(...READERS)
  async list(
    @AppIdOf() appId: AppId,
    @Caller() caller: ReadingCaller,
    @Query() query: QueryString,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const filter = filterOf(query, ['userId', 'userExternalId']);
    if ((filter.userId === undefined) === (filter.userExternalId === undefined)) {
      throw new Failure('bad_request', 'Exactly one of filter[userId] and filter[userExternalId] is required');
    }
    const page = pageOf(query);
    const user = await this.endUsers.find(appId, filter);
    await this.reading.requireUser(appId, caller, user.id);
    const [found, configuration] = await Promise.all([
      this.conversations.ofUser(appId, user.id, page, readerOf(caller)),
      this.configurations.current(appId),
    ]);
    const standing = await this.conversations.standing(appId, user.id, configuration);
    const views = found.map(({ id, profile, state }) => conversationView(id, profile, state, configuration, standing));
    const { items: conversations, ...rest } = paged(request, page, views);
    return { conversations, ...rest };
  }

  @Get(':conversationId')
  @Allow(...READERS)
  async get(
    @AppIdOf() appId: AppId,
    @Param('conversationId') conversationId: string,
    @Caller() caller: ReadingCaller,
  ): Promise<object> {
    const { id, profile, state } = await this.readable(appId, conversationId, caller);
    const configuration = await this.configurations.current(appId);
    const standing = await this.conversations.standing(appId, profile.userId, configuration);
    return { conversation: conversationView(id, profile, state, configuration, standing) };
  }

  @Patch(':conversationId')
  async update(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() body: UpdateConversationDto,
  ): Promise<object> {
    const answer = await this.commands.change(errandOf(appId, id, caller, idempotency), { ...body });
    return { conversation: granted(answer).created };
  }

  @Delete(':conversationId')
  async remove(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
  ): Promise<object> {
    const errand = errandOf(appId, id, caller, idempotency);
    granted(await this.commands.run(errand, { type: 'removeConversation', by: errand.by }));
    return {};
  }

  @Get(':conversationId/participants')
  @Allow(...READERS)
  async listParticipants(
    @AppIdOf() appId: AppId,
    @Param('conversationId') conversationId: string,
    @Caller() caller: ReadingCaller,
    @Query() query: QueryString,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const page = pageOf(query);
    const { id } = await this.readable(appId, conversationId, caller);
    const { items: participants, ...rest } = paged(request, page, await this.participants.of(id, page));
    return { participants, ...rest };
  }

  /** 201 `{participant}`, also for a member; 400 when it is personal or holds ten (`docs/wire.md` 5 and 6.4). */
  @Post(':conversationId/join')
  async join(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { userId, userExternalId }: JoinConversationDto,
  ): Promise<object> {
    requireOneName([userId, userExternalId]);
    const errand = errandOf(appId, id, caller, idempotency);
    const user = await this.endUsers.find(appId, { userId, userExternalId });
    return { participant: granted(await this.commands.join(errand, user.id)).created };
  }

  /** 404 `not_found` for somebody who takes no part. */
  @Post(':conversationId/leave')
  @HttpCode(200)
  async leave(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { userId, userExternalId, participantId }: LeaveConversationDto,
  ): Promise<object> {
    requireOneName([userId, userExternalId, participantId]);
    const errand = errandOf(appId, id, caller, idempotency);
    const leaving =
      participantId === undefined
        ? (await this.endUsers.find(appId, { userId, userExternalId })).id
        : await this.participants.userOf(appId, errand.conversationId, participantId);
    if (leaving === null) throw new Failure('not_found', 'User is not a member of the conversation');
    granted(await this.commands.run(errand, { type: 'leaveConversation', by: errand.by, userId: leaving }));
    return {};
  }

  /**
   * Ours: who held control when and why, with every refusal; oldest first. Answers `{timeline, meta, links?}`; a line is
   * a `TimelineLine`.
   */
  @Get(':conversationId/timeline')
  @TakesQuery({ page: true })
  @Allow(...READERS)
  async timeline(
    @AppIdOf() appId: AppId,
    @Param('conversationId') conversationId: string,
    @Caller() caller: ReadingCaller,
    @Query() query: QueryString,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const page = pageOf(query);
    const { id } = await this.readable(appId, conversationId, caller);
    const [found, configuration] = await Promise.all([this.timelines.of(id, page), this.configurations.current(appId)]);
    const lines = found.map((line) => timelineView(line, configuration));
    const { items: timeline, ...rest } = paged(request, page, lines);
    return { timeline, ...rest };
  }

  private async readable(appId: AppId, id: string, caller: ReadingCaller): Promise<ConversationRecord> {
    const conversation = await this.conversations.find(appId, parseId<ConversationId>(id));
    await this.reading.requireConversation(appId, caller, conversation.id);
    return conversation;
  }
}

function requireOneName(names: readonly (string | undefined)[]): void {
  if (names.filter((name) => name !== undefined).length === 1) return;
  throw new Failure('bad_request', 'Exactly one way to name the user is required');
}

function channelOf(text: string | undefined): ChannelId | null {
  const id = parseId<ChannelId>(text);
  if (id === null && text !== undefined) throw new Failure('bad_request', 'There is no such service channel.');
  return id;
}
