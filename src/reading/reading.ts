import { Injectable } from '@nestjs/common';
import { TranscriptReadings } from '../audit/index.js';
import type { Asked } from '../configuration/index.js';
import { Failure, type AppId, type ConversationId, type FailureCode } from '../kernel/index.js';
import type { AgentPrincipal, KeyPrincipal } from '../tenancy/index.js';
import { isLogged, mayReadUser, whyReadConversation, type Reader, type Reason } from './policy.js';
import { ReadingQuery } from './reading.query.js';

export type ReadingCaller = KeyPrincipal | AgentPrincipal;

/** Who may come to a route that reads; which of it they read, the policy says. */
export const READERS = ['account', 'app', 'integration', 'agent'] as const;

/** Whom the policy asks for a reason; `null`: a key of the business, which reads all of its app. */
export const readerOf = (caller: ReadingCaller): Reader | null => (caller.scope === 'agent' ? caller : null);

/** The door of every read of what end users said. What may not be read is answered as what is not there: 404. */
@Injectable()
export class Reading {
  constructor(
    private readonly facts: ReadingQuery,
    private readonly readings: TranscriptReadings,
  ) {}

  /** @throws Failure `code` for a conversation that they may not read; that it exists has been asked before */
  async requireConversation(
    appId: AppId,
    caller: ReadingCaller,
    id: ConversationId,
    [code, title]: readonly [FailureCode, string] = ['conversation_not_found', 'Conversation not found'],
  ): Promise<Reason | null> {
    const reader = readerOf(caller);
    if (reader === null) return null;
    const reason = whyReadConversation(reader, await this.facts.ofConversation(appId, id));
    if (reason === null) throw new Failure(code, title);
    return reason;
  }

  /** The same for its words: that somebody reads who has nothing to do with it is in the audit log before they do. */
  async requireTranscript(
    appId: AppId,
    caller: ReadingCaller,
    id: ConversationId,
    asked: Asked,
    missing?: readonly [FailureCode, string],
  ): Promise<void> {
    const reason = await this.requireConversation(appId, caller, id, missing);
    if (reason !== null && isLogged(reason)) await this.readings.note(appId, id, asked);
  }

  /** @throws Failure `user_not_found` */
  async requireUser(appId: AppId, caller: ReadingCaller, userId: string): Promise<void> {
    const reader = readerOf(caller);
    if (reader === null || mayReadUser(reader, await this.facts.ofUser(appId, userId))) return;
    throw new Failure('user_not_found', 'User not found');
  }
}
