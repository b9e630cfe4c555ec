import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseId, type AppId, type WebhookId } from '../../kernel/index.js';
import { Partitions } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';
import { paged, pageOf, TakesQuery } from '../../platform/http/index.js';
import { Allow, AppIdOf } from '../../tenancy/index.js';
import { ResendDto } from './dead-letters.dto.js';
import { DeadLetters, type DeadLetter } from './dead-letters.query.js';
import { noSuchLetter, noSuchWebhook, Resending } from './resending.store.js';

/** Ours, beside Sunshine Conversations: what a webhook was not given, why, and how to give it after all. */
@Allow('account', 'app')
@Controller('v2/apps/:appId/webhooks/:webhookId/deadLetters')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetters,
    private readonly resending: Resending,
    private readonly partitions: Partitions,
  ) {}

  /** `{deadLetters, meta, links?}`, oldest first; kept 30 days. Each holds the `event` as it was to be delivered. */
  @Get()
  @TakesQuery({ page: true })
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

  /**
   * 200 `{}`: it is sent again in its old place, same id and same bytes, with all its attempts before it; to the webhook
   * `webhookId` of the same integration where one is named. 404 `not_found`, 409 `conflict` where it would be buried again.
   */
  @Post(':deadLetterId/resend')
  @HttpCode(200)
  async resend(
    @AppIdOf() appId: AppId,
    @Param('webhookId') webhookId: string,
    @Param('deadLetterId') id: string,
    @Body() { webhookId: other }: ResendDto,
  ): Promise<object> {
    if (parseId(id) === null) throw noSuchLetter();
    const to = other === undefined ? null : webhookOf(other);
    this.partitions.wake([await this.resending.resend(appId, webhookOf(webhookId), id, to)]);
    return {};
  }
}

function webhookOf(text: string): WebhookId {
  const id = parseId<WebhookId>(text);
  if (id === null) throw noSuchWebhook();
  return id;
}

function shown({ body, createdAt, buriedAt, ...letter }: DeadLetter): object {
  const { events } = JSON.parse(body) as { events: readonly [unknown] };
  return { ...letter, createdAt: isoTime(createdAt), buriedAt: isoTime(buriedAt), event: events[0] };
}
