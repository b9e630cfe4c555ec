import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ConfigurationStore } from '../../configuration/index.js';
import type { AppId } from '../../kernel/index.js';
import type { IdempotencyKey } from '../../ledger/index.js';
import { dtoSchema, pageOf, paged, type Query as QueryString, TakesQuery } from '../../platform/http/index.js';
import { Allow, AppIdOf, Caller, Idempotency, type UserPrincipal } from '../../tenancy/index.js';
import { userDraft } from '../http/authors.js';
import { ConversationCommands } from '../commands/conversation.commands.js';
import { ClientConversationDto, ConsentDto, EndConversationDto } from '../http/dto/conversation.dto.js';
import { ClientMessageDto, FormResponseContentDto } from '../http/dto/client-message.dto.js';
import type { MessageBody } from '../recorded.js';
import type { ConversationView, SessionView } from '../views.js';
import { ClientCaller, requireConfirmed } from './client.caller.js';
import { ClientReader } from './client.reader.js';
import { grantedToEndUser } from './client.refusals.js';
import { clientConversation, clientMessage, clientSession } from './client.views.js';
import { Forms } from './forms.js';
import { Openings } from './openings.js';

/** What end users do in the web widget, with a token of their own (`docs/rules.md` 2.2a: channel kind `web_widget`). */
@Allow('user')
@Controller('client/v1/apps/:appId/conversations')
export class ClientController {
  constructor(
    private readonly client: ClientCaller,
    private readonly commands: ConversationCommands,
    private readonly reader: ClientReader,
    private readonly configurations: ConfigurationStore,
    private readonly forms: Forms,
    private readonly openings: Openings,
  ) {}

  @Post()
  async open(
    @AppIdOf() appId: AppId,
    @Caller() caller: UserPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { metadata }: ClientConversationDto,
  ): Promise<object> {
    await this.openings.count(appId, caller.externalId, idempotency);
    const user = await this.client.welcome(appId, caller);
    const opening = {
      type: 'personal',
      userId: user.id,
      participants: [user.id],
      displayName: null,
      description: null,
      iconUrl: null,
      metadata: metadata ?? {},
    } as const;
    const answer = await this.commands.open(appId, { type: 'user', userId: user.id }, opening, idempotency);
    const created = grantedToEndUser(answer).created as ConversationView;
    return { conversation: clientConversation(created, (await this.configurations.current(appId)).settings) };
  }

  @Get()
  @TakesQuery({ page: true })
  async list(
    @AppIdOf() appId: AppId,
    @Caller() caller: UserPrincipal,
    @Query() query: QueryString,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const page = pageOf(query);
    const { items: conversations, ...rest } = paged(request, page, await this.reader.list(appId, caller, page));
    return { conversations, ...rest };
  }

  @Get(':conversationId')
  async get(
    @AppIdOf() appId: AppId,
    @Param('conversationId') conversationId: string,
    @Caller() caller: UserPrincipal,
  ): Promise<object> {
    return { conversation: await this.reader.one(appId, conversationId, caller) };
  }

  @Get(':conversationId/messages')
  @TakesQuery({ page: true })
  async listMessages(
    @AppIdOf() appId: AppId,
    @Param('conversationId') conversationId: string,
    @Caller() caller: UserPrincipal,
    @Query() query: QueryString,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const page = pageOf(query, { from: 'end', fixedSize: 100 });
    const found = await this.reader.messagesOf(appId, conversationId, caller, page);
    const { items: messages, ...rest } = paged(request, page, found);
    return { messages, ...rest };
  }

  @Post(':conversationId/messages')
  @RouteSchema({ body: dtoSchema(ClientMessageDto) })
  async post(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: UserPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() body: ClientMessageDto,
  ): Promise<object> {
    const { errand, user } = await this.client.errand(appId, id, caller, idempotency);
    const { content, metadata } = body;
    // Its form is looked for before the lock proves that they take part.
    if (isFormResponse(content)) await this.client.own(appId, id, caller);
    const answer = isFormResponse(content)
      ? await this.forms.answer(errand, user, { content, metadata })
      : await this.commands.receive(errand, user.id, userDraft({ content, metadata }, user, 'web'));
    const created = grantedToEndUser(answer).created as readonly MessageBody[];
    const { settings } = await this.configurations.current(appId);
    return { messages: created.map((message) => clientMessage(message, settings)) };
  }

  /** The end user agrees to be written to, or does not; asked for only where the channel wants it (T7 to T9). */
  @Post(':conversationId/consent')
  @HttpCode(200)
  async consent(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: UserPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { granted: agrees }: ConsentDto,
  ): Promise<object> {
    const { errand } = await this.client.errand(appId, id, caller, idempotency);
    const command = { type: 'recordConsent', by: errand.by, granted: agrees } as const;
    return { session: sessionOf(grantedToEndUser(await this.commands.run(errand, command)).created) };
  }

  /** The first end wins and is kept: a repeat answers with the stored result. */
  @Post(':conversationId/end')
  @HttpCode(200)
  async end(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: UserPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { confirmed }: EndConversationDto,
  ): Promise<object> {
    requireConfirmed(confirmed);
    const { errand } = await this.client.errand(appId, id, caller, idempotency);
    const answer = await this.commands.end(errand, null, { via: 'widget' });
    return { session: sessionOf(grantedToEndUser(answer).created) };
  }
}

const sessionOf = (created: unknown): object | null =>
  created === null ? null : clientSession(created as SessionView);

const isFormResponse = (content: ClientMessageDto['content']): content is FormResponseContentDto =>
  content.type === 'formResponse';
