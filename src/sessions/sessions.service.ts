import { Injectable } from '@nestjs/common';
import {
  actorOf,
  ConversationCommands,
  granted,
  type ConversationCommand,
  type HowEnded,
  type MessageDraft,
  type SessionView,
  type SettledAnswer,
} from '../conversation/index.js';
import { Failure, parseId, type ConversationId, type SessionId } from '../kernel/index.js';
import type { AgentPrincipal, Call, KeyPrincipal } from '../tenancy/index.js';
import { SessionsQuery } from './sessions.query.js';

/** Also the answer to an agent who may not read it. */
export const SESSION_MISSING = ['session_not_found', 'Session not found'] as const;

export type SessionCaller = KeyPrincipal | AgentPrincipal;

export type SessionCall = Call<SessionCaller>;

export type SessionCommand = Extract<
  ConversationCommand,
  {
    type:
      | 'acceptWork'
      | 'declineWork'
      | 'assignSession'
      | 'transferSession'
      | 'inactivateSession'
      | 'observeSession'
      | 'setTicket';
  }
>;

/** What became of one of several. */
export interface EndResult {
  readonly sessionId: string;
  /** `ended`, `ending`, `already_ended`, `already_ending`, or the code of the refusal. */
  readonly result: string;
  readonly session?: unknown;
}

/** Finds the session's conversation and gives the command to it; the command is for that session and no later one. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsQuery,
    private readonly commands: ConversationCommands,
  ) {}

  async start({ appId, caller, idempotency }: SessionCall, conversation: string, text: string): Promise<unknown> {
    const conversationId = parseId<ConversationId>(conversation);
    if (conversationId === null) throw new Failure('conversation_not_found', 'Conversation not found');
    const errand = { appId, conversationId, by: actorOf(caller), idempotency };
    return granted(await this.commands.start(errand, null, textOf(text, null))).created;
  }

  async end(call: SessionCall, id: string, how: Pick<HowEnded, 'reason' | 'actingFor'> & { from?: 'window' | 'row' }) {
    const { caller } = call;
    const ofSystem = caller.scope === 'account' || caller.scope === 'app';
    if (!ofSystem && (how.reason || how.actingFor)) {
      throw new Failure('forbidden', 'Only app and account keys end with a reason of their own or for somebody else.');
    }
    const { answer, session } = await this.ended(call, id, {
      via: how.from === 'row' ? 'list' : caller.scope === 'agent' ? 'window' : 'api',
      list: how.from === 'row' ? 'row' : null,
      reason: how.reason ?? null,
      actingFor: how.actingFor ?? null,
    });
    return answer.created ?? (await this.sessions.find(call.appId, session.id as SessionId));
  }

  /** All at once: sessions of different conversations do not wait for each other, and the ledger groups them. */
  endMany(call: SessionCall, ids: readonly string[]): Promise<readonly EndResult[]> {
    // One key for all of them would answer the second with what became of the first.
    const once = { ...call, idempotency: null };
    return Promise.all([...new Set(ids)].map((id) => this.endOne(once, id)));
  }

  private async endOne(call: SessionCall, sessionId: string): Promise<EndResult> {
    try {
      const { answer } = await this.ended(call, sessionId, { via: 'list', list: 'bulk' });
      const repeated = 'repeated' in answer.decision && answer.decision.repeated;
      // `null`: another session runs in its conversation by now.
      const session = answer.created as SessionView | null;
      if (session?.status === 'ENDING') return { sessionId, result: repeated ? 'already_ending' : 'ending', session };
      if (repeated) return { sessionId, result: 'already_ended' };
      return { sessionId, result: 'ended', session };
    } catch (error) {
      if (error instanceof Failure) return { sessionId, result: error.code };
      throw error;
    }
  }

  private async ended(
    { appId, caller, idempotency }: SessionCall,
    id: string,
    how: HowEnded,
  ): Promise<{ answer: SettledAnswer; session: SessionView }> {
    const session = await this.sessions.find(appId, parseId<SessionId>(id));
    const errand = { appId, conversationId: session.conversationId, by: actorOf(caller), idempotency };
    return { session, answer: granted(await this.commands.end(errand, session.id as SessionId, how)) };
  }

  /** Runs a command of the session; answers the session as it is then. */
  async run(call: SessionCall, id: string, command: SessionCommand): Promise<unknown> {
    const { appId, caller, idempotency } = call;
    const session = await this.sessions.find(appId, parseId<SessionId>(id));
    const errand = { appId, conversationId: session.conversationId, by: actorOf(caller), idempotency };
    const { created } = granted(await this.commands.runIn(errand, session.id as SessionId, command));
    return created ?? (await this.sessions.find(appId, session.id as SessionId));
  }

  /** A message of the agent who has the session. */
  async say(
    { appId, caller, idempotency }: SessionCall,
    id: string,
    text: string,
    name: string | null,
  ): Promise<object> {
    const session = await this.sessions.find(appId, parseId<SessionId>(id));
    const errand = { appId, conversationId: session.conversationId, by: actorOf(caller), idempotency };
    const { created, seq, controlEpoch } = granted(await this.commands.send(errand, null, textOf(text, name)));
    return { messages: created, seq, controlEpoch };
  }
}

const textOf = (text: string, displayName: string | null): MessageDraft => ({
  author: { type: 'business', ...(displayName !== null && { displayName }) },
  content: { type: 'text', text },
  source: { type: 'api:conversations' },
  metadata: null,
});
