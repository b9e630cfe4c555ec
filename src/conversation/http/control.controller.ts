import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConfigurationStore } from '../../configuration/index.js';
import type { AppId } from '../../kernel/index.js';
import type { IdempotencyKey } from '../../ledger/index.js';
import { dtoSchema, tellPosition } from '../../platform/http/index.js';
import { Allow, AppIdOf, Caller, Idempotency, type KeyPrincipal } from '../../tenancy/index.js';
import { errandOf, prefersStrict } from './caller.js';
import { ConversationCommands } from '../commands/conversation.commands.js';
import { AcceptControlDto, DeclineControlDto, OfferControlDto } from './dto/control.dto.js';
import { PassControlDto, ReleaseControlDto } from './dto/control.dto.js';
import type { SettledAnswer } from '../recorded.js';
import { grantedControl } from '../commands/refusals.js';

/**
 * The control actions (`docs/wire.md` 6.3 and 10.4) and our own `declineControl`. Each answers 200 `{}`; what went
 * wrong is told by a `:failure` webhook, or in the answer when the caller or the app asked for strict handling.
 */
@Allow('account', 'app', 'integration')
@Controller('v2/apps/:appId/conversations/:conversationId')
export class ControlController {
  constructor(
    private readonly commands: ConversationCommands,
    private readonly configurations: ConfigurationStore,
  ) {}

  @Post('passControl')
  @RouteSchema({ body: dtoSchema(PassControlDto) })
  @HttpCode(200)
  async pass(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() body: PassControlDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const errand = errandOf(appId, id, caller, idempotency);
    const { switchboardIntegration: target, metadata = null, reason = null } = body;
    const command = { type: 'passControl', by: errand.by, target, metadata, reason } as const;
    return this.answer(await this.commands.run(errand, command), appId, request, reply);
  }

  @Post('offerControl')
  @HttpCode(200)
  async offer(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() body: OfferControlDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const errand = errandOf(appId, id, caller, idempotency);
    const { switchboardIntegration: target, metadata = null, expiresInSeconds = null, fallback = null } = body;
    const command = { type: 'offerControl', by: errand.by, target, metadata, expiresInSeconds, fallback } as const;
    return this.answer(await this.commands.run(errand, command), appId, request, reply);
  }

  @Post('acceptControl')
  @HttpCode(200)
  async accept(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { metadata = null }: AcceptControlDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const errand = errandOf(appId, id, caller, idempotency);
    const command = { type: 'acceptControl', by: errand.by, metadata } as const;
    return this.answer(await this.commands.run(errand, command), appId, request, reply);
  }

  @Post('declineControl')
  @HttpCode(200)
  async decline(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { metadata = null }: DeclineControlDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const errand = errandOf(appId, id, caller, idempotency);
    const command = { type: 'declineControl', by: errand.by, metadata } as const;
    return this.answer(await this.commands.run(errand, command), appId, request, reply);
  }

  /** The official client never sends a body here (`docs/wire.md` 12.6). */
  @Post('releaseControl')
  @HttpCode(200)
  async release(
    @AppIdOf() appId: AppId,
    @Param('conversationId') id: string,
    @Caller() caller: KeyPrincipal,
    @Idempotency() idempotency: IdempotencyKey | null,
    @Body() { metadata = null, reason = null }: ReleaseControlDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const errand = errandOf(appId, id, caller, idempotency);
    const command = { type: 'releaseControl', by: errand.by, metadata, reason } as const;
    return this.answer(await this.commands.run(errand, command), appId, request, reply);
  }

  private async answer(
    answer: SettledAnswer,
    appId: AppId,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<object> {
    if (!answer.decision.ok) grantedControl(answer, prefersStrict(request) || (await this.isStrict(appId)));
    tellPosition(reply, answer);
    return {};
  }

  private async isStrict(appId: AppId): Promise<boolean> {
    const { settings } = await this.configurations.current(appId);
    return settings.controlErrors === 'strict';
  }
}
