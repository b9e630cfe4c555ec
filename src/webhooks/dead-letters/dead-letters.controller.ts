import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Failure, parseId, type AppId, type WebhookId } from '../../kernel/index.js';
import { Partitions } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';
import { paged, pageOf } from '../../platform/http/index.js';
import { Allow, AppIdOf } from '../../tenancy/index.js';
import { DeadLetters, type DeadLetter } from './dead-letters.query.js';

/** Ours, beside Sunshine Conversations: what a webhook was not given, why, and how to give it after all. */
@Allow('account', 'app')
@Controller('v2/apps/:appId/webhooks/:webhookId/deadLetters')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetters,
    private readonly partitions: Partitions,
  ) {}

  /** `{deadLetters, meta, links?}`, oldest first; kept 30 days. Each holds the `event` as it was to be delivered. */
  @Get()
  async list(
    @AppIdOf() appId: AppId,
    @Param('webhookId') webhookId: string,
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const page = pageOf(query);
    const { items, ...rest } = paged(request, page, await this.letters.list(appId, webhookOf(webhookId), page));
    return { deadLetters: items.map(shown), ...rest };
  }

  /** 200 `{}`: it is sent again in its old place, same id and same bytes, with five new attempts. 404 `not_found`. */
  @Post(':deadLetterId/resend')
  @HttpCode(200)
  async resend(
    @AppIdOf() appId: AppId,
    @Param('webhookId') webhookId: string,
    @Param('deadLetterId') id: string,
  ): Promise<object> {
    const partition = parseId(id) === null ? null : await this.letters.resend(appId, webhookOf(webhookId), id);
    if (partition === null) throw new Failure('not_found', 'There is no such dead letter');
    this.partitions.wake([partition]);
    return {};
  }
}

function webhookOf(text: string): WebhookId {
  const id = parseId<WebhookId>(text);
  if (id === null) throw new Failure('not_found', 'There is no such webhook');
  return id;
}

function shown({ body, createdAt, buriedAt, ...letter }: DeadLetter): object {
  const { events } = JSON.parse(body) as { events: readonly [unknown] };
  return { ...letter, createdAt: isoTime(createdAt), buriedAt: isoTime(buriedAt), event: events[0] };
}
