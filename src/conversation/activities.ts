import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { ConfigurationStore } from '../configuration/index.js';
import { HouseClock } from '../platform/clock/index.js';
import type { Errand } from './commands/conversation.commands.js';
import { ConversationsQuery } from './queries/conversations.query.js';
import { TYPING, type ActivitySignal } from './signals.js';

/**
 * Tells the process that somebody of the business types. Typing is worth nothing a moment later, so it is no event and
 * has no row: whoever listens sends it on once (architecture, Lanes).
 */
@Injectable()
export class Activities {
  constructor(
    private readonly signals: EventEmitter2,
    private readonly conversations: ConversationsQuery,
    private readonly configurations: ConfigurationStore,
    private readonly clock: HouseClock,
  ) {}

  async typing(
    { appId, conversationId }: Errand,
    type: 'typing:start' | 'typing:stop',
    author: ActivitySignal['activity']['author'],
  ): Promise<void> {
    const [{ profile, state }, configuration] = await Promise.all([
      this.conversations.find(appId, conversationId),
      this.configurations.current(appId),
    ]);
    const signal: ActivitySignal = {
      appId,
      conversationId,
      configuration,
      profile,
      state,
      at: this.clock.now(),
      activity: { type, author, source: { type: 'api:conversations' } },
      user: null,
    };
    this.signals.emit(TYPING, signal);
  }
}
