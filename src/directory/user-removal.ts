import { Injectable } from '@nestjs/common';
import { ConversationCommands, granted, UserNews, type Errand } from '../conversation/index.js';
import { Failure, type AppId, type ConversationId } from '../kernel/index.js';
import { Db } from '../platform/postgres/index.js';
import { snapshotOf, type User } from './user.js';
import { UserTraces } from './user-traces.store.js';
import { UsersStore } from './users.store.js';

/**
 * Deletes a user with everything they said. Conversations go first, each by a command of its own, so that holders and
 * consumers hear of their ends; the user goes last. Cut short anywhere, the next attempt finishes it.
 */
@Injectable()
export class UserRemoval {
  constructor(
    private readonly db: Db,
    private readonly users: UsersStore,
    private readonly traces: UserTraces,
    private readonly commands: ConversationCommands,
    private readonly news: UserNews,
  ) {}

  async remove({ appId, id }: User, by: Errand['by']): Promise<void> {
    do {
      const conversations = await this.traces.releaseConversations(id);
      for (const conversationId of conversations) await this.removeConversation(appId, conversationId, by);
      await this.traces.eraseDelivered(appId, conversations);
    } while (!(await this.erased(appId, id)));
  }

  /** With the user's row goes the news of it: whoever hears that they are removed finds nothing of them any more. */
  private async erased(appId: AppId, id: User['id']): Promise<boolean> {
    const { done, tell } = await this.db.transaction(async (tx) => {
      const user = await this.users.lock(tx, appId, id);
      if (user === null) return { done: true, tell: null };
      if (!(await this.traces.erase(tx, appId, id))) return { done: false, tell: null };
      const change = {
        appId,
        type: 'userRemoved',
        user: snapshotOf(user),
        told: user.told + 1,
        reason: null,
        by: 'api',
      } as const;
      return { done: true, tell: await this.news.write(tx, change) };
    });
    tell?.();
    return done;
  }

  /** One that somebody else removed meanwhile is gone, which is all we want. */
  private async removeConversation(appId: AppId, conversationId: ConversationId, by: Errand['by']): Promise<void> {
    try {
      const errand = { appId, conversationId, by, idempotency: null };
      granted(await this.commands.run(errand, { type: 'removeConversation', by }));
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'conversation_not_found') throw error;
    }
  }
}
