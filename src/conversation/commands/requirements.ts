import { Failure, type AgentId } from '../../kernel/index.js';
import type { ConversationProfile } from '../recorded.js';
import type { Loaded } from './loaded.js';
import type { ConversationRequest } from './request.js';

/**
 * What must hold of a request's subject before the core is asked: the core knows neither users nor profiles. Throws the
 * `Failure` that the caller is told.
 */
export function requireSense(request: ConversationRequest, profile: ConversationProfile, loaded: Loaded): void {
  requireGroup(request, profile);
  requireMember(request, profile, loaded);
  requireRemovable(request, profile);
  requireAgent(request, loaded);
}

/** Users speak, read and end only where they take part. To a user's own token a foreign conversation does not exist. */
function requireMember(
  { command, target, appId }: ConversationRequest,
  profile: ConversationProfile,
  loaded: Loaded,
): void {
  if (command.type === 'startConversation') return;
  if ('by' in command && command.by.type === 'user') {
    if (!takesPart(command.by.userId)) throw new Failure('conversation_not_found', 'Conversation not found');
    return;
  }
  if (!('userId' in command) || command.userId === null) return;
  if (loaded.users.get(command.userId)?.appId !== appId) throw new Failure('user_not_found', 'User not found');
  if (command.type === 'joinConversation') return;
  if (!takesPart(command.userId)) throw new Failure('not_found', 'User is not a member of the conversation');

  function takesPart(userId: NonNullable<ConversationProfile['userId']>): boolean {
    return profile.userId === userId || loaded.users.get(userId)?.memberOf.has(target) === true;
  }
}

/** An agent whom a caller names works for the app; the house may say of anybody that they are gone. */
function requireAgent({ command, appId }: ConversationRequest, loaded: Loaded): void {
  const named = agentNamedBy(command);
  if (named === null || ('by' in command && command.by.type === 'system') || loaded.agents.get(appId)?.has(named))
    return;
  throw new Failure('agent_not_found', 'Agent not found');
}

function agentNamedBy(command: ConversationRequest['command']): AgentId | null {
  switch (command.type) {
    case 'assignSession':
    case 'observeSession':
      return command.agentId;
    case 'transferSession':
      return command.to.type === 'agent' ? command.to.agentId : null;
    default:
      return null;
  }
}

/** The first conversation of a user stays for as long as the user does (`docs/wire.md` 3). */
function requireRemovable({ command, target }: ConversationRequest, { isDefault }: ConversationProfile): void {
  if (command.type !== 'removeConversation' || !isDefault) return;
  throw new Failure('bad_request', `Conversation ${target} cannot be deleted because it is the default.`);
}

/** A personal conversation belongs to its user: nobody comes, nobody goes. */
function requireGroup({ command }: ConversationRequest, { type }: ConversationProfile): void {
  if (type !== 'personal') return;
  if (command.type === 'joinConversation') {
    throw new Failure('bad_request', 'A personal conversation cannot be joined');
  }
  if (command.type === 'leaveConversation') throw new Failure('bad_request', 'A personal conversation cannot be left');
}
