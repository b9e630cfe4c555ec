import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ConfigurationStore, type Asked as AskedOf } from '../../configuration/index.js';
import { Failure, parseId, type AppId, type ConversationId, type MessageId } from '../../kernel/index.js';
import type { IdempotencyKey } from '../../ledger/index.js';
import { dtoSchema, pageOf, paged, type Query as QueryString } from '../../platform/http/index.js';
import { READERS, Reading, type ReadingCaller } from '../../reading/index.js';
import { Allow, AppIdOf, Asked, Caller, Idempotency, type KeyPrincipal } from '../../tenancy/index.js';
import { Activities } from '../activities.js';
import { businessAuthor, businessDraft, userDraft } from './authors.js';
import { errandOf } from './caller.js';
import { ConversationCommands } from '../commands/conversation.commands.js';
import { ConversationsQuery } from '../queries/conversations.query.js';
import { ActivityDto } from './dto/conversation.dto.js';
import { PostMessageDto } from './dto/message.dto.js';
import { EndUsers } from '../queries/end-users.store.js';
import { MessagesQuery } from '../queries/messages.query.js';
import type { SettledAnswer } from '../recorded.js';
import { granted } from '../commands/refusals.js';
import { refuseWithoutEffect } from './unsupported.js';

/** What is said in a conversation, and who types or reads (`docs/wire.md` 6.4). */
@Allow('account', 'app', 'integration')
@Controller('v2/apps/:appId/conversations/:conversationId')
export class MessagesController {
  constructor(
    private readonly commands: ConversationCommands,
    private readonly conversations: ConversationsQuery,
    private readonly messages: MessagesQuery,
    private readonly endUsers: EndUsers,
    private readonly activities: Activities,
    private readonly configurations: ConfigurationStore,
    private readonly reading: Reading,
  ) {}

  @Post('messages')
  @RouteSchema({ body: dtoSchema(PostMessageDto) })
  async post(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() body: PostMessageDto,
  ): Promise<object> {
    const errand = errandOf(appId, id, caller, idempotency);
    if (asksForMore(body)) refuseWithoutEffect(body, await this.configurations.current(appId));
    let answer: SettledAnswer;
    if (body.author.type === 'user') {
      const user = await this.endUsers.find(appId, body.author);
      answer = await this.commands.receive(errand, user.id, userDraft(body, user));
    } else {
      answer = await this.commands.send(errand, body.controlEpoch ?? null, businessDraft(body));
    }
    const { created, seq, controlEpoch } = granted(answer);
    return { messages: created, seq, controlEpoch };
  }

  /** Pages backwards from the newest, 100 at a time whatever is asked; oldest first inside a page. */
  @Get('messages')
  @Allow(...READERS)
  async list(
    @AppIdOf() appId: AppId,
    @Param('conversationId') conversationId: string,
    @Caller() caller: ReadingCaller,
    @Asked() asked: AskedOf,
    @Query() query: QueryString,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const page = pageOf(query, { from: 'end', fixedSize: 100 });
    const { id } = await this.conversations.find(appId, parseId<ConversationId>(conversationId));
    await this.reading.requireTranscript(appId, caller, id, asked);
    const { items: messages, ...rest } = paged(request, page, await this.messages.of(id, page));
    return { messages, ...rest };
  }

  @Delete('messages')
  async removeAll(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
  ): Promise<object> {
    const errand = errandOf(appId, id, caller, idempotency);
    granted(await this.commands.run(errand, { type: 'removeMessages', by: errand.by, messageId: null, count: 0 }));
    return {};
  }

  @Delete('messages/:messageId')
  async remove(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Param('messageId') message: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
  ): Promise<object> {
    const errand = errandOf(appId, id, caller, idempotency);
    const messageId = parseId<MessageId>(message);
    if (messageId === null) throw new Failure('not_found', 'Resource not found');
    granted(await this.commands.run(errand, { type: 'removeMessages', by: errand.by, messageId, count: 0 }));
    return {};
  }

  @Post('activity')
  @HttpCode(200)
  async activity(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() body: ActivityDto,
  ): Promise<object> {
    const errand = errandOf(appId, id, caller, idempotency);
    const { author, type } = body;
    if (type !== 'conversation:read') {
      await this.activities.typing(errand, type, businessAuthor(author));
    } else {
      const userId = author.type === 'user' ? (await this.endUsers.find(appId, author)).id : null;
      granted(await this.commands.run(errand, { type: 'recordRead', by: errand.by, userId }));
    }
    return {};
  }
}

/** Most messages ask for nothing but to be sent. */
const asksForMore = ({ destination, override, schema }: PostMessageDto): boolean =>
  destination !== undefined || override !== undefined || schema !== undefined;
