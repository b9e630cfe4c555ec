import { Injectable } from '@nestjs/common';
import type { Asked } from '../configuration/index.js';
import type { AppId, ConversationId } from '../kernel/index.js';
import { Db } from '../platform/postgres/index.js';
import { AuditLogStore } from './audit-log.store.js';

/**
 * That somebody read the words of a conversation who has nothing to do with it. Written before they are read, and once
 * an hour for each reader and conversation: who turns pages reads once.
 */
@Injectable()
export class TranscriptReadings {
  constructor(
    private readonly db: Db,
    private readonly log: AuditLogStore,
  ) {}

  async note(appId: AppId, conversationId: ConversationId, { by, requestId }: Asked): Promise<void> {
    const deed = { appId, by, requestId, action: 'transcript.read', subject: conversationId } as const;
    if (await this.log.hasLately(this.db.kysely, deed)) return;
    await this.db.transaction((tx) => this.log.writeUnlessLately(tx, { ...deed, before: null, after: null }));
  }
}
