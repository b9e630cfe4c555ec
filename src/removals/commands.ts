import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { ConversationCommands, type Errand, type SettledAnswer } from '../conversation/index.js';
import { Failure, type ConversationId, type Millis } from '../kernel/index.js';
import type { Removal } from './removals.store.js';

/** How often a command is given that fails for a reason of its own. */
const TRIES = 3;
const BETWEEN_MS: Millis = 200;

/** The ledger takes nothing at the moment: the job goes on later, from the same place. */
export class LedgerBusy extends Error {
  constructor(cause: unknown) {
    super('the ledger takes no more commands at the moment', { cause });
  }
}

type Outcome = 'done' | 'unchanged' | 'failed';

/** Gives conversations the commands of a removal. */
@Injectable()
export class RemovalCommands {
  private readonly log = new Logger('Removals');

  constructor(private readonly commands: ConversationCommands) {}

  /**
   * Gives one conversation its command, and again if that fails; one that is gone needs none.
   *
   * @throws LedgerBusy
   */
  async give(
    removal: Removal,
    conversationId: ConversationId,
    command: (commands: ConversationCommands, errand: Errand) => Promise<SettledAnswer>,
    seqBefore: number | null,
  ): Promise<Outcome> {
    const errand: Errand = { appId: removal.appId, conversationId, by: { type: 'system' }, idempotency: null };
    for (let attempt = 1; ; attempt++) {
      try {
        const { seq } = await command(this.commands, errand);
        return seqBefore === null || seq > seqBefore ? 'done' : 'unchanged';
      } catch (error) {
        if (isGone(error)) return 'unchanged';
        if (isBusy(error)) throw new LedgerBusy(error);
        if (attempt >= TRIES) return this.failed(removal, conversationId, error);
        await pause(BETWEEN_MS);
      }
    }
  }

  /** Its own next command settles it all the same. */
  private failed({ id, appId, kind }: Removal, conversationId: ConversationId, error: unknown): 'failed' {
    this.log.error(
      `conversation ${conversationId} of app ${appId} could not be settled by removal ${id} (${kind}): ${String(error)}`,
    );
    return 'failed';
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Failure && (error.code === 'conversation_not_found' || error.code === 'app_not_found');

const isBusy = (error: unknown): boolean =>
  error instanceof Failure && (error.code === 'unavailable' || error.code === 'outcome_unknown');
