import { Injectable } from '@nestjs/common';
import { Failure, parseId, type AppId, type ConversationId, type UserId } from '../../kernel/index.js';
import type { IdempotencyKey } from '../../ledger/index.js';
import type { UserPrincipal } from '../../tenancy/index.js';
import type { Errand } from '../commands/conversation.commands.js';
import { ConversationsQuery, notFound, type ConversationRecord } from '../queries/conversations.query.js';
import { EndUsers } from '../queries/end-users.store.js';
import type { UserSnapshot } from '../recorded.js';

export interface OwnConversation extends ConversationRecord {
  /** Who asks. */
  readonly userId: UserId;
}

/** What an end user's token may reach: themselves, and the conversations they take part in. */
@Injectable()
export class ClientCaller {
  constructor(
    private readonly endUsers: EndUsers,
    private readonly conversations: ConversationsQuery,
  ) {}

  /** The user, made now if this is their first contact. */
  welcome(appId: AppId, caller: UserPrincipal): Promise<UserSnapshot> {
    return this.endUsers.welcome(appId, caller);
  }

  /** `null`: nobody has heard of them, so they have nothing either. */
  known(appId: AppId, caller: UserPrincipal): Promise<UserSnapshot | null> {
    return this.endUsers.recognised(appId, caller);
  }

  /** A command of theirs. That they take part is proven under the conversation's lock. */
  async errand(
    appId: AppId,
    id: string,
    caller: UserPrincipal,
    idempotency: IdempotencyKey | null,
  ): Promise<{ errand: Errand; user: UserSnapshot }> {
    const conversationId = parseId<ConversationId>(id);
    const user = await this.known(appId, caller);
    if (conversationId === null || user === null) throw notFound();
    return { errand: { appId, conversationId, by: { type: 'user', userId: user.id }, idempotency }, user };
  }

  /** One of their conversations; another's does not exist for them. */
  async own(appId: AppId, id: string, caller: UserPrincipal): Promise<OwnConversation> {
    const [conversation, user] = await Promise.all([
      this.conversations.find(appId, parseId(id)),
      this.known(appId, caller),
    ]);
    if (user && (await this.conversations.takesPart(conversation.id, user.id)))
      return { ...conversation, userId: user.id };
    throw notFound();
  }
}

/** The dialogue at the bottom of the widget was confirmed (E-19). */
export function requireConfirmed(confirmed: boolean | undefined): void {
  if (confirmed === true) return;
  throw new Failure('confirmation_required', 'Ending needs the user\'s confirmation: send {"confirmed": true}.');
}
