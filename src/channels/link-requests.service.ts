import { Injectable } from '@nestjs/common';
import { ConfigurationStore } from '../configuration/index.js';
import { Failure, parseId, type AppId, type ChannelId, type UserId } from '../kernel/index.js';
import { Once, type IdempotencyKey } from '../ledger/index.js';
import { isoTime } from '../platform/clock/index.js';
import { digestOf, newKeySecret } from '../platform/secrets/index.js';
import { channelNotFound } from './channel.rules.js';
import { LinkRequestsStore, type ConfirmedUser } from './link-requests.store.js';
import { continuation, endUserCanEnd } from './widget-config.js';

const GOOD_FOR_SECONDS = 24 * 3600;

export interface LinkRequestView {
  readonly channelId: string;
  readonly kind: string;
  /** Told once: the end user writes it in the other channel. */
  readonly code: string;
  readonly expiresAt: string;
}

/**
 * Going on in another channel. The end user gets a code and writes it there; whoever runs that channel trades it for
 * the user it was given to, whose messages it posts from then on.
 */
@Injectable()
export class LinkRequests {
  constructor(
    private readonly requests: LinkRequestsStore,
    private readonly configurations: ConfigurationStore,
    private readonly once: Once,
  ) {}

  /** @throws Failure `not_while_end_user_can_end` (E-6), `channel_not_found` */
  async ask(
    appId: AppId,
    userId: UserId,
    channel: string,
    idempotency: IdempotencyKey | null,
  ): Promise<LinkRequestView> {
    const setup = await this.configurations.current(appId);
    if (endUserCanEnd(setup)) throw notWhileEndUserCanEnd();
    const target = continuation(setup).find(({ channelId }) => channelId === channel);
    if (!target) throw channelNotFound();
    const code = newKeySecret();
    return this.once.run(idempotency, { secret: true }, async (tx) => {
      const link = { userId, channelId: target.channelId as ChannelId };
      const expires = await this.requests.insert(tx, appId, digestOf(code), link, GOOD_FOR_SECONDS);
      return { ...target, code, expiresAt: isoTime(expires) };
    });
  }

  /** @throws Failure `not_while_end_user_can_end` (E-6), `not_found` for a code that is unknown, used or too old */
  async confirm(
    appId: AppId,
    code: string,
    channel: string,
    idempotency: IdempotencyKey | null,
  ): Promise<ConfirmedUser> {
    if (endUserCanEnd(await this.configurations.current(appId))) throw notWhileEndUserCanEnd();
    const channelId = parseId<ChannelId>(channel);
    if (channelId === null) throw channelNotFound();
    return this.once.run(idempotency, { secret: false }, async (tx) => {
      const user = await this.requests.confirm(tx, appId, digestOf(code), channelId);
      if (user === null)
        throw new Failure('not_found', 'The code is unknown, was used, or is too old; ask for another.');
      return user;
    });
  }
}

function notWhileEndUserCanEnd(): Failure {
  return new Failure(
    'not_while_end_user_can_end',
    'Conversations go on in no other channel while end users can end sessions: turn endSessionEnabled off first.',
  );
}
