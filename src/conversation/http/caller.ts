import type { FastifyRequest } from 'fastify';
import { parseId, type AppId, type ConversationId, type IntegrationId, type KeyId } from '../../kernel/index.js';
import type { IdempotencyKey } from '../../ledger/index.js';
import type { AgentPrincipal, KeyPrincipal } from '../../tenancy/index.js';
import type { Errand } from '../commands/conversation.commands.js';
import { notFound } from '../queries/conversations.query.js';
import type { Actor } from '../core/index.js';

export function actorOf(caller: KeyPrincipal | AgentPrincipal): Actor {
  const keyId = caller.keyId as KeyId;
  if (caller.scope === 'agent') return { type: 'agent', agentId: caller.agentId, keyId };
  return caller.scope === 'integration'
    ? { type: 'integration', integrationId: caller.integrationId as IntegrationId, keyId }
    : { type: 'app', keyId };
}

/** `Failure('conversation_not_found')` for what cannot be the id of one. */
export function errandOf(appId: AppId, id: string, caller: KeyPrincipal, idempotency: IdempotencyKey | null): Errand {
  const conversationId = parseId<ConversationId>(id);
  if (conversationId === null) throw notFound();
  return { appId, conversationId, by: actorOf(caller), idempotency };
}

/** Whether the caller asked for control errors in the answer: `Prefer: handling=strict` (RFC 7240). */
export function prefersStrict({ headers }: FastifyRequest): boolean {
  const preferred = headers['prefer'];
  return preferred !== undefined && /(^|[,;\s])handling\s*=\s*"?strict"?\s*($|[,;])/i.test(String(preferred));
}
