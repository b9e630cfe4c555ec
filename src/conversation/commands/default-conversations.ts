import type { ConversationId, UserId } from '../../kernel/index.js';
import { mayBeginAnother, type Answer, type ConversationState, type World } from '../core/index.js';
import type { ConversationProfile } from '../recorded.js';
import type { Loaded } from './loaded.js';
import type { ConversationRequest } from './request.js';

/** Whose conversation it is; of a group, which end user asks. */
export function endUserOf({ command }: ConversationRequest, { userId }: ConversationProfile): UserId | null {
  if (userId !== null) return userId;
  return 'by' in command && command.by.type === 'user' ? command.by.userId : null;
}

/** Which one is the user's default no longer, for this one takes its place. */
export function formerDefault(
  { opening }: ConversationRequest,
  { isDefault }: ConversationProfile,
  loaded: Loaded,
): ConversationId | null {
  return opening?.userId && isDefault ? (loaded.defaults.get(opening.userId)?.id ?? null) : null;
}

/**
 * May the end user begin a further conversation, now that this command is decided? Where no end user is concerned, as in
 * a group that the business asks about: yes.
 */
export function mayOpenAnother(
  request: ConversationRequest,
  profile: ConversationProfile,
  after: ConversationState,
  loaded: Loaded,
  { settings, now }: World,
): boolean {
  const userId = endUserOf(request, profile);
  if (userId === null) return true;
  const first = profile.isDefault ? after : (loaded.defaults.get(userId)?.state ?? null);
  return mayBeginAnother(first, settings, now);
}

/** A refusal that says what the end user may do instead says what is so. */
export function informed(answer: Answer, newConversationAllowed: boolean): Answer {
  if (answer.ok || answer.refusal.reason !== 'conversationEnded') return answer;
  return { ok: false, refusal: { ...answer.refusal, newConversationAllowed } };
}
