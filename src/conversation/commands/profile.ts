import { limitedMetadata, mergedMetadata, type IsoTime, type Millis } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { ConversationProfile, Settled } from '../recorded.js';
import type { ConversationRequest, Opening } from './request.js';

export function openedProfile(opening: Opening, isDefault: boolean, at: IsoTime): ConversationProfile {
  return {
    type: opening.type,
    userId: opening.userId,
    isDefault,
    displayName: opening.displayName,
    description: opening.description,
    iconUrl: opening.iconUrl,
    metadata: opening.metadata,
    createdAt: at,
    lastUpdatedAt: at,
    businessLastRead: null,
  };
}

/**
 * The profile after a decision: whatever wrote a message dates it, a business read marks it, a change of details is
 * merged in.
 */
export function changedProfile(
  profile: ConversationProfile,
  request: ConversationRequest,
  { recorded, messages }: Pick<Settled, 'recorded' | 'messages'>,
  now: Millis,
): ConversationProfile {
  let changed = messages.size === 0 ? profile : { ...profile, lastUpdatedAt: isoTime(now) };
  for (const { event } of recorded) {
    switch (event.type) {
      case 'conversationRead':
        if (event.userId === null) changed = { ...changed, businessLastRead: isoTime(now) };
        break;
      case 'conversationChanged':
        changed = patched(changed, request);
        break;
      default:
        break;
    }
  }
  return changed;
}

function patched(profile: ConversationProfile, { details }: ConversationRequest): ConversationProfile {
  if (!details) return profile;
  const { metadata, ...named } = details;
  return {
    ...profile,
    ...named,
    ...(metadata !== undefined && {
      metadata: limitedMetadata('Conversation', mergedMetadata(profile.metadata, metadata)),
    }),
  };
}
